package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// focusIsSeen tells whether one can see where the focus is: by an outline of the element, or
// of the composer's box around its field, that is inside the window.
const focusIsSeen = `(() => {
	const focused = document.activeElement;
	const box = focused.getBoundingClientRect();
	const { outlineStyle, outlineWidth } = getComputedStyle(focused.closest('.composer-box:has(textarea:focus)') ?? focused);
	return focused.checkVisibility({ opacityProperty: true }) && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
		&& box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
})()`

const focused = `document.activeElement.outerHTML.slice(0, 100)`

// tabTo moves the focus with the tabulator alone until it is where it should be.
func (b *tab) tabTo(selector string, modifiers ...input.Modifier) {
	b.t.Helper()
	const enough = 80
	for range enough {
		b.press(tabulator, modifiers...)
		// Not at once: what came above in this moment may still be moving the log.
		b.eventually("one sees where the focus is", focusIsSeen)
		if b.is(fmt.Sprintf("document.activeElement.matches(`%s`)", selector)) {
			return
		}
	}
	b.t.Fatalf("%d tabs do not lead to %s", enough, selector)
}

func (b *tab) arrives(what, condition string) {
	b.t.Helper()
	b.eventually(what, "document.readyState === 'complete' && "+condition)
}

// TestKeyboardAlone does everything without a pointer, from an empty tab to signing out.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(20)))
	b.open("/")
	b.tabTo(`main a[href="/register"]`)
	b.press(enter)
	b.arrives("the first field has the focus", `document.activeElement.id === 'username'`)
	for i, value := range []string{"carol", "carol@example.org", storetest.Password, storetest.Password} {
		if i > 0 {
			b.press(tabulator)
		}
		b.typeIn(value)
	}
	b.press(enter)
	b.arrives("the chat is there", `document.getElementById('log')`)

	b.press(letterC)
	b.typeIn("Hello from the keyboard")
	b.press(enter)
	b.eventually("the message is posted", `document.querySelector('article:not(.pending)[data-author="carol"]')`)

	b.tabTo(`article[data-author="bob"] a.author`, input.ModifierShift)
	b.press(enter)
	b.arrives("the profile is there", `location.pathname === '/u/bob'`)
	b.tabTo(`main a[href="/"]`)
	b.press(enter)
	b.arrives("the chat is back", `document.getElementById('log')`)

	b.press(question)
	b.eventually("the shortcuts are listed", `document.getElementById('shortcuts').open && document.activeElement.id === 'shortcuts-title'`)
	b.press(escape)
	b.eventually("the list is closed", `!document.getElementById('shortcuts').open`)
	b.press(letterC)
	b.press(question)
	b.mustHold("?")
	b.press(escape)
	b.eventually("the focus leaves the composer for the log", `document.activeElement.id === 'log'`)

	b.tabTo(`form[action="/logout"] button`, input.ModifierShift)
	b.press(enter)
	b.arrives("one is signed out", `!document.querySelector('#log')`)
}

// TestPeopleByKeyboard opens the list of people where it folds away.
func TestPeopleByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(390, 844, "light")
	b.enter("ada", "/")
	b.eventually("Ada is listed", `document.querySelector('#people a[href="/u/ada"]')`)
	b.tabTo(".people-toggle")
	b.press(enter)
	b.eventually("the list opens", `document.querySelector('#people a').checkVisibility()`)
	b.tabTo(`#people a[href="/u/ada"]`)
	b.press(escape)
	b.eventually("the list closes, and the focus is where it was", `!document.querySelector('#people a').checkVisibility()
		&& document.activeElement.matches('.people-toggle')`)
}

// TestMenuByKeyboard opens what the header of a phone folds away.
func TestMenuByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(320, 640, "light")
	b.enter("ada", "/friends")
	for _, selector := range []string{`a[href="/dm"]`, `a[href="/notifications"]`, ".menu-toggle"} {
		b.tabTo(selector)
	}
	b.press(enter)
	b.tabTo(`.site-menu a[href="/settings"]`)
	b.press(escape)
	b.eventually("the menu closes, and the focus is where it was", `!document.querySelector('.site-menu').checkVisibility()
		&& document.activeElement.matches('.menu-toggle')`)
	b.press(enter)
	b.tabTo(`.to-switcher`)
	b.press(enter)
	b.eventually("the switcher is open", `document.activeElement.matches('#switcher input')`)
	b.press(escape)
	b.tabTo(".menu-toggle", input.ModifierShift)
	b.press(enter)
	b.tabTo(".sign-out")
	b.press(enter)
	b.arrives("one is signed out", `!document.querySelector('.sign-out')`)
}

// TestTabOrder walks over all of the chat: in the order in which it is read, past the skip
// link, and out again.
func TestTabOrder(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`document.activeElement.blur(); window.order = []`, nil))
	b.tabTo(`.skip`)
	for range 60 {
		b.run(chromedp.Evaluate(`order.push(document.activeElement)`, nil))
		b.press(tabulator)
		if b.is(`document.activeElement === document.body || order.includes(document.activeElement)`) {
			break
		}
		if !b.is(focusIsSeen) {
			t.Errorf("nothing shows that the focus is on %s", b.text(focused))
		}
	}
	if !b.is(`order.every((element, i) => i === 0 || order[i - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)`) {
		t.Error("the order jumps")
	}
	for _, selector := range []string{".site-name", `[popovertarget="theme"]`, ".header-search input", `header a[href="/dm"]`, `header a[href="/notifications"]`, `header a[href="/friends"]`, ".own-profile", ".sign-out", "#log", "article .author", "article .when", "#message", "#show-preview", ".send", ".person"} {
		if !b.is(fmt.Sprintf(`order.some((element) => element.matches('%s'))`, selector)) {
			t.Errorf("the tabulator does not reach %s", selector)
		}
	}
	if b.is(`order.some((element) => element.matches('.picture'))`) {
		t.Error("pictures lead where the names beside them do, and are stops of their own")
	}

	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	b.tabTo(`.skip`)
	b.press(enter)
	b.press(tabulator)
	if !b.is(`document.activeElement.id === 'log'`) {
		t.Errorf("the skip link leads before %s", b.text(focused))
	}
}

// TestOlderByKeyboard checks that whoever asks for older messages keeps the focus in the log.
func TestOlderByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(120)))
	b.enter("ada", "/")
	b.run(chromedp.Focus("#log", chromedp.ByQuery))
	b.tabTo("#older")
	b.eventually("all messages come, each time one asks", `(() => {
		const older = document.getElementById('older');
		if (document.activeElement === older) older.click();
		return document.querySelectorAll('#log article').length === 120;
	})()`)
	b.nextFrame()
	if !b.is(`document.activeElement.id === 'log'`) {
		t.Errorf("after the last of them the focus is on %s", b.text(focused))
	}
}
