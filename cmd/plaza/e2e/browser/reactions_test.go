package browser

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

var plus = stroke{"+", "+", 187}

// shows is the condition that the first message has a reaction, with its name and whether it is pressed.
func shows(emoji, name, pressed string) string {
	return `(() => { const chip = document.querySelector('#m-1-1 .reaction[value="` + emoji + `"]'); return chip?.innerText === '` + name + `' && chip.ariaPressed === '` + pressed + `'; })()`
}

// TestReactOnTwoPages reacts by the quick bar of the menu and by the button of a reaction. Both pages show it, each with
// its viewer's own pressed, and name the people.
func TestReactOnTwoPages(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	bob.hover(`document.querySelector("#m-1-1")`)
	bob.click("#m-1-1 .message-actions")
	bob.eventually("the menu is open", `document.querySelector('#message-menu:popover-open .quick-reactions')`)
	bob.click(`#message-menu [data-emoji="🎉"]`)
	bob.eventually("bob's reaction is pressed", shows("🎉", "🎉 1", "true"))
	ada.eventually("ada sees it, and it is not hers", shows("🎉", "🎉 1", "false"))
	ada.click(`#m-1-1 .reaction`)
	ada.eventually("ada's is pressed too, and has the focus still", shows("🎉", "🎉 2", "true")+` && document.activeElement.matches('.reaction')`)
	bob.eventually("bob sees two", shows("🎉", "🎉 2", "true"))

	bob.hover(`document.querySelector('#m-1-1 .reaction')`)
	bob.eventually("the pointer names the people", `document.querySelector('#reactors:popover-open')?.textContent === 'Ada Lovelace and bob reacted with 🎉' && document.querySelector('#m-1-1 .reaction').getAttribute('aria-describedby') === 'reactors'`)
	bob.press(escape)
	bob.eventually("Escape closes the names", `!document.getElementById('reactors')`)
	bob.tabTo("#m-1-1 .reaction", input.ModifierShift)
	bob.eventually("the focus names them too", `document.querySelector('#reactors:popover-open')?.textContent.includes('Ada')`)
	bob.press(space)
	bob.eventually("a second press removes it", shows("🎉", "🎉 1", "false"))
	ada.press(space)
	for _, b := range []*tab{ada, bob} {
		b.eventually("the last one goes", `!document.querySelector('#m-1-1 .reaction')`)
	}
	ada.eventually("the focus is on the message", `document.activeElement.id === 'm-1-1'`)
	if said := ada.text(`document.getElementById('announcer').textContent`); said != "" {
		t.Errorf("a screen reader hears %q", said)
	}
	if ada.is(`document.querySelector('.toast')`) {
		t.Error("a reaction shows a notice")
	}
}

// TestManyPeopleReact marks the viewer's own reaction where more people reacted than the message names.
func TestManyPeopleReact(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{{Author: "ada", Source: "a fig"}})
	for _, name := range append([]string{"bob"}, e2etest.Names("reader", 12)...) {
		s.Join(name)
		status, _, err := s.Send(s.Enter(name), "/messages/1/1/reactions", url.Values{"emoji": {"🎉"}})
		if err != nil || status != http.StatusNoContent {
			t.Fatal(status, err)
		}
	}
	bob, ada := browse(t, s), browse(t, s)
	bob.look(1280, 800, "light")
	bob.enter("bob", "/")
	bob.connected()
	if bob.is(`document.querySelector('.reaction').dataset.by.split(' ').includes(document.documentElement.dataset.account)`) {
		t.Fatal("the message names bob, who reacted first")
	}
	bob.eventually("his is pressed", shows("🎉", "🎉 13", "true"))
	ada.look(1280, 800, "light")
	ada.enter("ada", "/")
	ada.connected()
	ada.eventually("hers is not", shows("🎉", "🎉 13", "false"))
	ada.click(".reaction")
	ada.eventually("now it is", shows("🎉", "🎉 14", "true"))
	bob.eventually("his stays pressed", shows("🎉", "🎉 14", "true"))
	bob.click(".reaction")
	bob.eventually("he has taken his back", shows("🎉", "🎉 13", "false"))
	bob.hover(`document.querySelector('.reaction')`)
	bob.eventually("the names are those of the newest", `document.querySelector('#reactors')?.textContent.startsWith('Ada Lovelace, reader') && document.querySelector('#reactors').textContent.includes('and 5 others')`)
}

// TestPicker finds an emoji by its name and by its category, with the keyboard alone, and remembers the skin tone.
func TestPicker(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	ada.hover(`document.querySelector("#m-1-1")`)
	ada.click("#m-1-1 .message-actions")
	ada.eventually("the script of messages is there", `document.querySelector('#message-menu:popover-open')`)
	ada.press(escape)
	ada.run(chromedp.Evaluate(`document.getElementById('m-1-1').tabIndex = -1; document.getElementById('m-1-1').focus()`, nil))
	if ada.is(`performance.getEntriesByType('resource').some(({ name }) => name.includes('emoji'))`) {
		t.Error("the page has loaded the emoji before it needs them")
	}
	ada.press(plus)
	ada.eventually("the picker is open, and its field has the focus", `document.querySelector('#picker:popover-open input') === document.activeElement && document.querySelectorAll('.picker-emoji button').length > 100`)
	ada.press(escape)
	ada.eventually("Escape leads back to the message", `!document.querySelector('#picker:popover-open') && document.activeElement.id === 'm-1-1'`)
	ada.press(plus)
	ada.eventually("the field has the focus again", `document.activeElement.matches('#picker input')`)
	ada.typeIn("party pop")
	ada.eventually("it is found", `document.querySelectorAll('.picker-emoji button').length === 1 && document.querySelector('.picker-emoji button').ariaLabel === 'party popper'`)
	ada.press(enter)
	ada.eventually("ada has reacted", shows("🎉", "🎉 1", "true")+` && document.activeElement.id === 'm-1-1'`)
	bob.eventually("bob sees it", shows("🎉", "🎉 1", "false"))

	ada.press(plus)
	ada.eventually("what is often used comes first", `document.activeElement.matches('#picker input') && document.querySelector('.picker-emoji').ariaLabel === 'Often used' && document.querySelector('.picker-emoji button').value === '🎉'`)
	ada.click(`#picker .picker-groups [aria-label="People"]`)
	ada.run(chromedp.SetValue("#picker select", "🏽", chromedp.ByQuery), chromedp.Evaluate(`document.querySelector('#picker select').dispatchEvent(new Event('change'))`, nil))
	ada.eventually("the emoji have the tone", `document.querySelector('.picker-emoji button').value === '👋🏽'`)
	ada.run(chromedp.Focus("#picker input", chromedp.ByQuery))
	ada.press(downKey)
	ada.press(rightKey)
	ada.press(downKey)
	second := ada.text(`document.activeElement.value`)
	if ada.is(`document.activeElement === document.querySelector('.picker-emoji button')`) {
		t.Error("the arrow keys lead nowhere")
	}
	ada.press(upKey)
	ada.press(upKey)
	ada.eventually("Up from the first row leads to the field", `document.activeElement.matches('#picker input')`)
	ada.run(chromedp.Focus(`.picker-emoji [tabindex="0"]`, chromedp.ByQuery))
	ada.press(downKey)
	ada.press(enter)
	ada.eventually("the emoji in the grid is the reaction", shows(second, second+" 1", "true"))

	ada.open("/")
	ada.connected()
	ada.hover(`document.querySelector("#m-1-1")`)
	ada.click("#m-1-1 .message-actions")
	ada.eventually("the quick bar has what ada uses, and what is hers is pressed", `(() => { const [first, other] = document.querySelectorAll('#message-menu:popover-open [data-emoji]'); return [first, other].map(({ dataset }) => dataset.emoji).sort().join() === ['🎉', '`+second+`'].sort().join() && first.ariaPressed === 'true' && first.ariaLabel === 'React with ' + first.textContent; })()`)
	ada.click(`#message-menu [data-does="react"]`)
	ada.eventually("the skin tone is remembered", `document.querySelector('#picker:popover-open select')?.value === '🏽'`)
}

// TestReactionThatFails says what is wrong above the composer.
func TestReactionThatFails(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{{Author: "ada", Source: "a fig"}})
	s.Join("bob")
	for i := range 20 {
		if status, _, err := s.Send(s.Enter("bob"), "/messages/1/1/reactions", url.Values{"emoji": {string('😀' + rune(i))}}); err != nil || status != http.StatusNoContent {
			t.Fatal(status, err)
		}
	}
	b := browse(t, s, "422")
	b.look(1280, 800, "light")
	b.enter("bob", "/")
	b.connected()
	b.hover(`document.querySelector("#m-1-1")`)
	b.click("#m-1-1 .message-actions")
	b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	b.click(`#message-menu [data-emoji="🎉"]`)
	b.eventually("the page says why not", `document.getElementById('notes').innerText.includes('20 different reactions')`)
}

// TestReactWithoutScripts reacts by the button of a reaction, sees its own marked, and removes it on a page.
func TestReactWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{{Author: "ada", Source: "a fig"}})
	b := withoutScripts(t, s, "422")
	b.take(s.Session("ada"))
	b.look(390, 844, "light")
	b.open("/")
	b.click("#m-1-1 .message-actions")
	b.arrives("the message's page is there", `location.pathname === '/messages/1/1'`)
	b.click(`a[href$="/reactions"]`)
	b.arrives("the page of reactions is there", `document.querySelector('.add-reaction')`)
	b.run(chromedp.SetValue(`input[name="emoji"]`, "nonsense", chromedp.ByQuery))
	b.click(".add-reaction .primary")
	b.arrives("it says what is wrong", `document.querySelector('.add-reaction .field-error')?.innerText.includes('one emoji')`)
	b.run(chromedp.SetValue(`input[name="emoji"]`, "🫒", chromedp.ByQuery))
	b.click(".add-reaction .primary")
	b.arrives("the chat shows the reaction", `location.hash === '#m-1-1' && document.querySelector('#m-1-1 .reaction')?.innerText === '🫒 1'`)
	const ground = `getComputedStyle(document.querySelector('#m-1-1 .reaction')).backgroundColor`
	own := b.text(ground)
	b.click("#m-1-1 .reaction")
	b.arrives("the button leads to where it is removed", `location.pathname === '/messages/1/1/reactions'`)
	b.click(`form[action$="/remove"] button`)
	b.arrives("it is gone", `location.pathname === '/messages/1/1/reactions' && !document.querySelector('.reaction')`)
	s.Join("bob")
	if status, _, err := s.Send(s.Enter("bob"), "/messages/1/1/reactions", url.Values{"emoji": {"🫒"}}); err != nil || status != http.StatusNoContent {
		t.Fatal(status, err)
	}
	b.open("/")
	if other := b.text(ground); other == own {
		t.Errorf("one's own reaction is as %s as another's", own)
	}
}

// TestMenuStaysBesideItsMessage keeps the menu and the picker beside a message that others change meanwhile, and closes
// them when it is deleted.
func TestMenuStaysBesideItsMessage(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	ada.eventually("the message is there", `document.querySelector('#m-1-1 .message-actions')`)
	react := func(emoji string) {
		t.Helper()
		if status, _, err := bob.site.Send(bob.site.Enter("bob"), "/messages/1/1/reactions", url.Values{"emoji": {emoji}}); err != nil || status != http.StatusNoContent {
			t.Fatalf("react: %d, %v", status, err)
		}
		ada.eventually("the reaction is there", `[...document.querySelectorAll('#m-1-1 .reaction')].some(({ value }) => value === '`+emoji+`')`)
	}
	for id, opens := range map[string]func(){
		"message-menu": func() { ada.click("#m-1-1 .message-actions") },
		"picker": func() {
			ada.click("#m-1-1 .message-actions")
			ada.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
			ada.click(`#message-menu [data-does="react"]`)
		},
	} {
		opens()
		ada.eventually("it is open", `document.querySelector('#`+id+`:popover-open')`)
		react(map[string]string{"message-menu": "🎉", "picker": "🔥"}[id])
		ada.eventually("the "+id+" is beside the message", `(({ right, top, bottom }, button) => Math.abs(right - button.right) < 2 && Math.min(Math.abs(top - button.bottom), Math.abs(bottom - button.top)) < 10)(document.querySelector('#`+id+`:popover-open').getBoundingClientRect(), document.querySelector('#m-1-1 .message-actions').getBoundingClientRect())`)
		ada.press(escape)
		ada.eventually("it is closed", `!document.querySelector('#`+id+`:popover-open')`)
	}
	ada.click("#m-1-1 .message-actions")
	ada.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	react("🍀")
	ada.click(`#message-menu [data-does="edit"]`)
	ada.eventually("the menu edits the message as it is now", `document.activeElement.matches('#m-1-1 .edit textarea')`)
	ada.press(escape)
	ada.click("#m-1-1 .message-actions")
	ada.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	if status, _, err := ada.site.Send(ada.site.Enter("ada"), "/messages/1/1/delete", nil); err != nil || status != http.StatusOK {
		t.Fatalf("delete: %d, %v", status, err)
	}
	ada.eventually("the menu of a deleted message is closed", `document.querySelector('#m-1-1.deleted') && !document.querySelector('#message-menu:popover-open')`)
}
