package browser

import (
	"testing"

	"github.com/chromedp/cdproto/input"

	"plaza/cmd/plaza/e2e/e2etest"
)

// opensSwitcher opens the switcher. htmx must have started, because it fills the switcher.
func (b *tab) opensSwitcher() {
	b.t.Helper()
	b.eventually("htmx has started", `document.querySelector('#switcher form')._htmx`)
	b.press(letterK, input.ModifierCtrl)
	b.eventually("the switcher lists the pages", `document.getElementById('switcher').open && document.activeElement.name === 'q'
		&& document.querySelector('.places a[href="/"]')`)
}

// TestSwitcher goes to members and pages with the keyboard alone.
func TestSwitcher(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.enter("ada", "/")
	b.opensSwitcher()
	b.press(downKey)
	b.press(downKey)
	b.eventually("the second place has the focus", `document.activeElement.matches('.places li:nth-child(2) a')`)
	b.press(upKey)
	b.press(upKey)
	b.press(upKey)
	b.eventually("the field has the focus again", `document.activeElement.name === 'q'`)
	b.press(escape)
	b.eventually("the switcher is closed, and the focus is back on the composer", `!document.getElementById('switcher').open && document.activeElement.id === 'message'`)

	b.opensSwitcher()
	b.typeIn("sett")
	b.eventually("the switcher finds the page", `document.querySelectorAll('.places a').length === 1 && document.querySelector('.places a[href="/settings"]')`)
	b.press(downKey)
	b.press(enter)
	b.arrives("the page is there", `location.pathname === '/settings'`)
	b.opensSwitcher()
	b.typeIn("bob")
	b.press(enter)
	b.arrives("Enter does not wait for the list", `location.pathname === '/u/bob'`)
}

// TestSwitcherListsUnreadFirst opens the switcher where the public chat and a conversation have unread messages.
func TestSwitcherListsUnreadFirst(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := befriended(t, s)
	bob.open("/dm/ada")
	bob.connected()
	bob.send("hello")
	bob.eventually("the message is posted", `document.querySelector('#log article:not(.pending)')`)
	says(s, "bob", "hello, all")
	const listed = `[...document.querySelectorAll('.places a')].map((place) => place.pathname + ' ' + (place.querySelector('.count')?.textContent ?? '')).join()`
	ada.opensSwitcher()
	ada.eventually("what is unread comes first", listed+`.startsWith('/ 1 unread,/dm/bob 1 unread,/dm ,')`)
	ada.typeIn("bo")
	ada.eventually("bob is there once", listed+` === '/dm/bob 1 unread'`)
	ada.press(enter)
	ada.arrives("the conversation is there", `location.pathname === '/dm/bob'`)
}
