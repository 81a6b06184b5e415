package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

var deleteKey = stroke{"Delete", "", 46}

// firstSays is the condition that the first message has a text, and no form in its place.
func firstSays(text string) string {
	return `document.querySelector('#m-1-1 .body')?.innerText.trim() === '` + text + `' && !document.querySelector('#m-1-1 .edit')`
}

// hasMessages opens a site with messages of ada and bob, and ada's and bob's pages.
func hasMessages(t *testing.T) (ada, bob *tab) {
	t.Helper()
	s := e2etest.OpenAfter(t, []e2etest.Message{
		{Author: "ada", Source: "a fig"}, {Author: "bob", Source: "a date"}, {Author: "ada", Source: "an olive"},
	})
	ada, bob = browse(t, s), browse(t, s)
	for name, b := range map[string]*tab{"ada": ada, "bob": bob} {
		b.look(1280, 800, "light")
		b.enter(name, "/")
		b.connected()
	}
	return ada, bob
}

// opensForm opens the form that edits the first message, by its menu.
func (b *tab) opensForm() {
	b.t.Helper()
	b.eventually("the message is there", `document.querySelector('#m-1-1 .message-actions')`)
	b.click("#m-1-1 .message-actions")
	b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	b.click(`#message-menu [data-does="edit"]`)
}

// TestEditByTheMenu edits a message with the pointer. Its place keeps the form while others change the message.
func TestEditByTheMenu(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	ada.hover(`document.querySelector("#m-1-1")`)
	ada.click("#m-1-1 .message-actions")
	ada.eventually("the menu is open, and its first entry has the focus", `document.querySelector('#message-menu:popover-open') && document.activeElement.dataset.does === 'edit'`)
	ada.click(`#message-menu [data-does="edit"]`)
	ada.eventually("the form stands in the message's place", `document.activeElement.matches('#m-1-1 .edit textarea') && document.activeElement.value === 'a fig' && !document.querySelector('#m-1-1 .body').checkVisibility()`)
	ada.typeIn(" and **honey**")
	ada.press(enter)
	ada.eventually("the message has the new text", firstSays("a fig and honey"))
	ada.eventually("the focus is on the message", `document.activeElement.id === 'm-1-1'`)
	bob.eventually("bob reads it too, and that it was edited", firstSays("a fig and honey")+` && document.querySelector('#m-1-1 .head .edited').textContent === 'edited'`)

	// What is written on another page stays there, and is not written over here.
	ada.opensForm()
	ada.eventually("the form is there", `document.querySelector('#m-1-1 .edit textarea')`)
	other := ada.another("409")
	other.look(1280, 800, "light")
	other.open("/")
	other.connected()
	other.opensForm()
	other.eventually("the other page has the form", `document.activeElement.matches('#m-1-1 .edit textarea')`)
	ada.typeIn(" first")
	ada.press(enter)
	other.eventually("the form stays while the message changes below it", `document.querySelector('#m-1-1[data-version="5"] .edit textarea') && document.activeElement.matches('#m-1-1 .edit textarea')`)
	other.typeIn(" second")
	other.press(enter)
	other.eventually("the other page shows both texts", `document.querySelector('#m-1-1 .edit-current')?.textContent.endsWith('first') && document.querySelector('#m-1-1 .edit textarea').value.endsWith('second')`)
	other.press(escape)
	other.eventually("Escape leaves the text as it is", firstSays("a fig and honey first"))
}

// TestMessageKeys goes from message to message, edits, copies and deletes with the keyboard alone.
func TestMessageKeys(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	ada.run(browser.SetPermission(&browser.PermissionDescriptor{Name: "clipboard-write"}, browser.PermissionSettingGranted).WithOrigin(ada.site.URL))
	ada.click("#message")
	ada.press(upKey)
	ada.eventually("Up in the empty composer edits the latest message", `document.activeElement.matches('#m-1-3 .edit textarea')`)
	ada.press(escape)
	ada.eventually("Escape gives the focus to the message", `document.activeElement.id === 'm-1-3' && !document.querySelector('.edit')`)
	ada.press(upKey)
	ada.eventually("Up goes to the message before", `document.activeElement.id === 'm-1-2'`)
	ada.press(stroke{"e", "e", 69})
	ada.press(deleteKey)
	ada.press(upKey)
	ada.eventually("another's message is neither edited nor deleted", `document.activeElement.id === 'm-1-1' && !document.querySelector('.edit, .deleted')`)
	ada.press(stroke{"c", "c", 67})
	ada.eventually("the page says that the link is copied", `document.getElementById('notes').textContent.includes('Link copied')`)
	ada.press(stroke{"s", "s", 83})
	ada.eventually("the page says that the message is saved", `document.querySelector('#notes a[href="/saved"]')`)
	ada.press(deleteKey)
	for _, b := range []*tab{ada, bob} {
		b.eventually("the message is deleted", `document.querySelector('#m-1-1.deleted')?.innerText.includes('Message deleted') && !document.querySelector('#m-1-1 .body')`)
	}
	ada.eventually("the focus stays where it was", `document.activeElement.id === 'm-1-1'`)
	ada.click(`#notes .undo button`)
	for _, b := range []*tab{ada, bob} {
		b.eventually("the message is back", firstSays("a fig"))
	}
	ada.run(chromedp.Evaluate(`document.getElementById('log').focus()`, nil))
	ada.press(upKey)
	ada.eventually("Up in the log goes to the last message", `document.activeElement.id === 'm-1-3'`)
	ada.press(deleteKey)
	ada.eventually("the latest message is deleted", `document.querySelector('#m-1-3.deleted')`)
	ada.eventually("the offer to undo goes after ten seconds", `!document.querySelector('#notes .undo')`)
	if !ada.is(`document.querySelector('#m-1-3.deleted')`) {
		t.Error("the message is back")
	}
}

// TestActionsWithoutScripts edits, deletes and restores on pages of their own.
func TestActionsWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{{Author: "ada", Source: "a fig"}, {Author: "bob", Source: "a date"}})
	b := withoutScripts(t, s)
	b.take(s.Session("ada"))
	b.look(390, 844, "light")
	b.open("/")
	b.click("#m-1-1 .message-actions")
	b.arrives("the message's page is there", `location.pathname === '/messages/1/1'`)
	b.click(`a[href$="/edit"]`)
	b.arrives("the form is there", `document.querySelector('.edit textarea')`)
	b.run(chromedp.SetValue(".edit textarea", "two figs", chromedp.ByQuery))
	b.click(".edit .primary")
	b.arrives("the chat shows the new text", `location.hash === '#m-1-1' && `+firstSays("two figs"))
	b.open("/messages/1/1")
	b.click(`a[href$="/history"]`)
	b.arrives("the earlier text is there", `document.querySelector('.earlier-texts').innerText.includes('a fig')`)
	b.open("/messages/1/1")
	b.click(`form[action$="/save"] button`)
	b.arrives("the list has the message", `location.pathname === '/saved' && `+firstSays("two figs"))
	b.click(`form[action$="/unsave"] button`)
	b.arrives("the list is empty", `location.pathname === '/saved' && !document.querySelector('#m-1-1')`)
	b.open("/messages/1/1")
	b.click(`form[action$="/delete"] button`)
	b.arrives("the page offers to undo", `document.querySelector('.undo button')`)
	b.click(".undo button")
	b.arrives("the message is back", firstSays("two figs"))
}

// TestLongMessage folds a long message until its reader wants all of it, without scripts.
func TestLongMessage(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{{Author: "bob", Source: strings.Repeat("line\n\n", 60) + "[the end](https://example.org)"}})
	b := withoutScripts(t, s)
	b.take(s.Session("bob"))
	b.look(1280, 800, "light")
	b.open("/")
	const height = `document.querySelector('#m-1-1 .body').offsetHeight`
	folded := b.number(height)
	b.click("#m-1-1 .show-all")
	whole := b.number(height)
	if folded > 600 || whole < 2*folded {
		t.Errorf("the message is %v px high, and %v after a click", folded, whole)
	}
	b.click("#m-1-1 .show-all")
	if again := b.number(height); again != folded {
		t.Errorf("folded again, it is %v px high, want %v", again, folded)
	}
	b.tabTo(`#m-1-1 .body a`, input.ModifierShift)
	if !b.is(focusIsSeen) {
		t.Error("a link in the folded part has the focus, and cannot be seen")
	}
}

// TestPinByTheMenu pins a message and unpins it. Only the owner can do so in the public chat, and all see the list.
func TestPinByTheMenu(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	opens := func(b *tab) {
		b.t.Helper()
		b.eventually("the message is there", `document.querySelector('#m-1-2 .message-actions')`)
		b.click("#m-1-2 .message-actions")
		b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	}
	const offered = `[...document.querySelectorAll('#message-menu [data-does$="pin"]')].filter((item) => item.checkVisibility()).map(({ dataset }) => dataset.does).join()`
	opens(ada)
	if got := ada.text(offered); got != "pin" {
		t.Fatalf("the menu offers %q", got)
	}
	ada.click(`#message-menu [data-does="pin"]`)
	ada.eventually("the page says so", `document.querySelector('#notes a[href="/rooms/1/pins"]')`)
	opens(ada)
	if got := ada.text(offered); got != "unpin" {
		t.Errorf("the menu of a pinned message offers %q", got)
	}
	opens(bob)
	if got := bob.text(offered); got != "" {
		t.Errorf("the menu of a member offers %q", got)
	}
	bob.open("/")
	bob.click(`#people-panel a[href="/rooms/1/pins"]`)
	bob.arrives("the list has the message", `document.querySelector('main #m-1-2')`)
	ada.open("/")
	ada.connected()
	opens(ada)
	ada.click(`#message-menu [data-does="unpin"]`)
	ada.eventually("the page says so", `document.querySelector('#notes .note')?.textContent.startsWith('Unpinned')`)
	bob.run(chromedp.Reload())
	bob.eventually("the list is empty", `document.querySelector('main .empty')?.checkVisibility() && !document.querySelector('main article')`)
}

// TestBarOfAMessage shows the bar of the message that has the pointer or the focus. It covers no text and moves none.
func TestBarOfAMessage(t *testing.T) {
	t.Parallel()
	ada, _ := hasMessages(t)
	const place = `JSON.stringify(document.querySelector('#m-1-2 .body').getBoundingClientRect())`
	before := ada.text(place)
	ada.hover(`document.querySelector("#m-1-2")`)
	ada.eventually("the bar is in the message", `document.querySelector('#m-1-2 > #message-bar')?.checkVisibility()`)
	if after := ada.text(place); after != before {
		t.Errorf("the text was at %s, and is at %s", before, after)
	}
	ada.eventually("the bar covers no text", `document.querySelector('#message-bar').getBoundingClientRect().left >= document.querySelector('#m-1-2 .body').getBoundingClientRect().right`)
	ada.click(`#message-bar [data-does="reply"]`)
	ada.eventually("the composer answers the message", `document.querySelector('#composer').reply_to.value === '2' && document.activeElement.id === 'message'`)
	ada.hover(`document.querySelector("#m-1-3")`)
	ada.eventually("the bar follows the pointer", `document.querySelector('#m-1-3 > #message-bar')?.checkVisibility() && document.querySelectorAll('#message-bar').length === 1`)
	ada.click(`#message-bar [data-does="react"]`)
	ada.eventually("it opens the picker", `document.querySelector('#picker:popover-open')`)
}
