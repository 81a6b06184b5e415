package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// focusIsSeen tells whether the window shows the element with the focus, with an outline around it, around
// its row or, in the composer, around its box.
const focusIsSeen = `(() => {
	const focused = document.activeElement;
	const box = focused.getBoundingClientRect();
	const outlines = [[focused.closest('.composer-box:has(textarea:focus)') ?? focused], [focused, '::after']].map((of) => getComputedStyle(...of));
	return focused.checkVisibility({ opacityProperty: true }) && outlines.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1)
		&& box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
})()`

const focused = `document.activeElement.outerHTML.slice(0, 100)`

// tabTo presses Tab until an element has the focus, and checks that each focus is visible.
func (b *tab) tabTo(selector string, modifiers ...input.Modifier) {
	b.t.Helper()
	const enough = 80
	for range enough {
		b.press(tabulator, modifiers...)
		// The focus may take a moment to be visible, because older messages may still move the log.
		b.eventually("the focus is visible", focusIsSeen)
		if b.is(fmt.Sprintf("document.activeElement.matches(`%s`)", selector)) {
			return
		}
	}
	b.t.Fatalf("the focus does not reach %[2]s after %[1]d tabs", enough, selector)
}

func (b *tab) arrives(what, condition string) {
	b.t.Helper()
	b.eventually(what, "document.readyState === 'complete' && "+condition)
}

// TestKeyboardAlone uses the chat with the keyboard alone, from registering to signing out.
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

	b.eventually("the composer has the focus", `document.activeElement.id === 'message'`)
	b.typeIn("Hello from the keyboard")
	b.press(enter)
	b.eventually("the message is posted", `document.querySelector('article:not(.pending)[data-author="carol"]')`)

	b.tabTo(`article[data-author="bob"] a.author`, input.ModifierShift)
	b.press(enter)
	b.arrives("the profile is there", `location.pathname === '/u/bob'`)
	b.tabTo(`main a[href="/"]`)
	b.press(enter)
	b.arrives("the chat is back", `document.activeElement.id === 'message'`)

	b.press(escape)
	b.press(question)
	b.eventually("the shortcuts are listed", `document.getElementById('shortcuts').open && document.activeElement.id === 'shortcuts-title'`)
	b.press(escape)
	b.eventually("the list is closed", `!document.getElementById('shortcuts').open`)
	b.press(letterC)
	b.press(question)
	b.mustHold("c?")
	b.press(escape)
	b.eventually("the focus leaves the composer for the log", `document.activeElement.id === 'log'`)

	b.tabTo(`.menu-button`, input.ModifierShift)
	b.press(enter)
	b.tabTo(`form[action="/logout"] button`)
	b.press(enter)
	b.arrives("the viewer is signed out", `!document.querySelector('#log')`)
}

// TestPeopleByKeyboard opens and closes the list of people on a phone.
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
	b.eventually("the list closes, and the focus is back on its button", `!document.querySelector('#people a').checkVisibility()
		&& document.activeElement.matches('.people-toggle')`)
}

// TestMenuByKeyboard opens and closes the menu of the header on a phone.
func TestMenuByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(320, 640, "light")
	b.enter("ada", "/friends")
	for _, selector := range []string{".navigation-button", `header a[href="/notifications"]`, ".menu-button"} {
		b.tabTo(selector)
	}
	b.press(enter)
	b.tabTo(`#site-menu a[href="/settings"]`)
	b.press(escape)
	b.eventually("the menu closes, and the focus is back on its button", `!document.querySelector('#site-menu').checkVisibility()
		&& document.activeElement.matches('.menu-button')`)
	b.press(enter)
	b.tabTo(`.to-switcher`)
	b.press(enter)
	b.eventually("the switcher is open", `document.activeElement.matches('#switcher input')`)
	b.press(escape)
	b.tabTo(".menu-button", input.ModifierShift)
	b.press(enter)
	b.tabTo(".sign-out")
	b.press(enter)
	b.arrives("the viewer is signed out", `!document.querySelector('.sign-out')`)
}

// TestTabOrder presses Tab through all of the chat. The order must be that of the page, and the skip link
// must work.
func TestTabOrder(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.connected()
	b.eventually("the list shows who is here", `document.querySelector('#people .person')`)
	b.run(chromedp.Evaluate(`window.order = []`, nil))
	b.tabTo(`.skip`, input.ModifierShift)
	for range 60 {
		b.run(chromedp.Evaluate(`order.push(document.activeElement)`, nil))
		b.press(tabulator)
		if b.is(`document.activeElement === document.body || order.includes(document.activeElement)`) {
			break
		}
		if !b.is(focusIsSeen) {
			t.Errorf("the focus on %s is not visible", b.text(focused))
		}
	}
	// A list that has changed meanwhile has other elements.
	if !b.is(`order.filter(({ isConnected }) => isConnected).every((element, i, order) => i === 0 || order[i - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)`) {
		t.Error("the tab order is not that of the page")
	}
	for _, selector := range []string{".site-name", ".header-search input", `header a[href="/notifications"]`, ".menu-button", ".destination", `nav a[href="/dm"]`, `nav a[href="/groups/new"]`, `nav a[href="/friends"]`, "nav summary", "#log", "article .author", "article .when", "#message", "#show-preview", ".send", ".person"} {
		if !b.is(fmt.Sprintf(`order.some((element) => element.matches('%s'))`, selector)) {
			t.Errorf("Tab does not reach %s", selector)
		}
	}
	if b.is(`order.some((element) => element.matches('.picture'))`) {
		t.Error("Tab stops at a picture, whose link is that of the name beside it")
	}

	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	b.tabTo(`.skip`)
	b.press(enter)
	b.press(tabulator)
	if !b.is(`document.activeElement.id === 'log'`) {
		t.Errorf("after the skip link, the focus is on %s", b.text(focused))
	}
}

// TestOlderByKeyboard loads older messages by giving the focus to the link that brings them. The focus
// must then be on the message that was the oldest, where the reader is, and the next Tab goes on from there.
func TestOlderByKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(120)))
	b.enter("ada", "/")
	for _, test := range []struct{ oldest, loaded int }{{71, 100}, {21, 120}} {
		b.run(chromedp.Focus("#log", chromedp.ByQuery))
		b.press(tabulator)
		b.eventually("older messages are there", fmt.Sprintf(`document.querySelectorAll('#log article').length === %d`, test.loaded))
		b.eventually("the focus is on the message that was the oldest",
			fmt.Sprintf(`document.activeElement.dataset.seq === '%d' && %s`, test.oldest, focusIsSeen))
	}
	b.press(tabulator)
	if !b.is(`document.activeElement.closest('article')?.dataset.seq === '21'`) {
		t.Errorf("the next Tab goes to %s", b.text(focused))
	}
	b.eventually("the focus is visible", focusIsSeen)
}

// TestAltOnAMac checks that Alt with an arrow moves through the text of a field on a Mac, and goes to
// another room everywhere else.
func TestAltOnAMac(t *testing.T) {
	t.Parallel()
	for platform, stays := range map[string]bool{"MacIntel": true, "iPad": true, "Linux x86_64": false, "Win32": false} {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			s := e2etest.OpenAfter(t, e2etest.Numbered(5))
			s.MustPostTo(s.Pair("ada", "ada"), s.Enter("ada"), "a note")
			b := browse(t, s)
			b.beforeScripts(fmt.Sprintf(`Object.defineProperty(navigator, 'platform', { value: %q })`, platform))
			b.enter("ada", "/")
			b.write("one")
			b.run(chromedp.Evaluate(`addEventListener('keydown', (event) => { window.taken = event.defaultPrevented; })`, nil))
			if stays {
				b.press(downKey, input.ModifierAlt)
				if b.is(`taken`) {
					t.Error("the page takes the key from the text")
				}
				b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
			}
			b.press(downKey, input.ModifierAlt)
			b.arrives("the next room is there", `location.pathname === '/dm/ada'`)
		})
	}
}
