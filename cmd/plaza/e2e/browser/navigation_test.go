package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// headerPlaces are the places of all that the header shows. The button that opens the list of people lies over the counter.
const headerPlaces = `[...document.querySelectorAll('.site-header, .site-header a, .site-header button, .site-header input, #online')]
	.filter((part) => part.checkVisibility() && !part.matches('.people-toggle'))
	.map((part) => [part.className || part.name, ...Object.values(part.getBoundingClientRect().toJSON()).map(Math.round)].join(' '))`

// TestHeaderStaysInPlace checks that each part of the header has the same place on all pages, also on those that
// scroll and on error pages, of a visitor and of a member.
func TestHeaderStaysInPlace(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(30))
	s.Befriend("ada", "bob")
	s.Pair("ada", "bob")
	widths := []int64{1000, 320}
	if proof.Enabled() {
		widths = append(widths, 1280, 390)
	}
	visitors := []string{"/", "/login", "/register", "/search", "/u/ada", "/nowhere"}
	members := []string{"/", "/?before=20", "/dm", "/dm/bob", "/friends", "/settings", "/settings/profile", "/notifications", "/search?q=ada", "/u/bob", "/groups/new", "/nowhere"}
	for who, pages := range map[string][]string{"": visitors, "ada": members} {
		b := browse(t, s, "404")
		for _, width := range widths {
			b.look(width, 800, "light")
			if who != "" {
				b.enter(who, "/")
				b.connected()
			}
			var first []string
			for _, path := range pages {
				b.open(path)
				b.eventually("the counter says that who is here", `document.getElementById('online').textContent.endsWith(' online')`)
				places := b.texts(headerPlaces)
				if first == nil {
					first = places
				}
				if strings.Join(places, "\n") != strings.Join(first, "\n") {
					t.Errorf("with %d px, the header of %s for %q is at\n%s\nand that of %s at\n%s", width, pages[0], who,
						strings.Join(first, "\n"), path, strings.Join(places, "\n"))
				}
			}
		}
	}
}

// TestNavigation checks that each page of a member shows where one can go, marks the place where one is, and keeps
// up with what happens.
func TestNavigation(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := befriended(t, s)
	s.Join("cleo", "dan")
	s.Befriend("ada", "cleo")
	s.MustPostTo(s.Pair("ada", "cleo"), s.Enter("cleo"), "hello")
	ada.look(1000, 700, "light")
	for path, current := range map[string]string{
		"/": "Public chat", "/dm": "Messages", "/friends": "Friends", "/dm/cleo": "cleo", "/settings": "", "/u/bob": "", "/notifications": "", "/nowhere": "",
	} {
		ada.open(path)
		if got := ada.text(`[...document.querySelectorAll('nav [aria-current=page]')].map((link) => link.innerText.split('\n')[0]).join()`); got != current {
			t.Errorf("on %s, the navigation marks %q, want %q", path, got, current)
		}
		if !ada.is(`[...document.querySelectorAll('nav a[href="/"], nav a[href="/dm"], nav a[href="/friends"], nav a[href="/dm/cleo"]')].filter((link) => link.checkVisibility()).length === 4`) {
			t.Errorf("%s does not show where one can go", path)
		}
	}
	ada.open("/settings")
	ada.connected()
	bob.open("/dm/ada")
	bob.connected()
	bob.send("Hello @ada")
	ada.eventually("the new conversation comes first, with its count and a mark", `((row) => row.pathname === '/dm/bob'
		&& row.querySelector('.mention-mark') && row.querySelector('.count').firstChild.data === '1')(document.querySelector('details .destination'))`)
	s.Fill(s.Enter("dan"), "/friends/ada/request", nil)
	ada.eventually("the request is there", `document.querySelector('.destination-request a[href="/u/dan"]') && document.getElementById('requests-count').textContent === '1 request'`)
	ada.click(`.destination-request [action$="/accept"] button`)
	ada.eventually("the request is gone", `!document.querySelector('.destination-request') && document.getElementById('requests-count').hidden`)
	ada.open("/friends")
	if !ada.is(`document.querySelector('main a[href="/u/dan"]')`) {
		t.Error("who was accepted is no friend")
	}

	ada.click(`[data-section="messages"] summary`)
	ada.eventually("the section is folded", `!document.querySelector('a[href="/dm/bob"]').checkVisibility() && document.cookie.includes('messages')`)
	ada.open("/")
	if ada.is(`document.querySelector('nav a[href="/dm/bob"]').checkVisibility()`) {
		t.Error("the next page forgot that the section is folded")
	}
	ada.click(`[data-section="messages"] summary`)
	ada.eventually("the section is unfolded", `!document.cookie.includes('messages')`)
	ada.open("/")
	if !ada.is(`document.querySelector('nav a[href="/dm/bob"]').checkVisibility()`) {
		t.Error("the next page forgot that the section is unfolded")
	}
}

// TestNewMessage begins a conversation from the navigation, with one friend and with several.
func TestNewMessage(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada", "bob", "cleo")
	s.Befriend("ada", "bob")
	s.Befriend("ada", "cleo")
	ada := browse(t, s, "422")
	ada.enter("ada", "/friends")
	begin := func(friends ...string) {
		ada.click(`nav a[href="/groups/new"]`)
		ada.arrives("the form is there", `document.querySelector('[name="people"]')`)
		for _, friend := range friends {
			ada.click(fmt.Sprintf(`[name="people"][value=%q]`, friend))
		}
	}
	ada.look(1280, 800, "light")
	begin("bob")
	ada.click("main .primary")
	ada.arrives("the conversation with bob is there", `location.pathname === '/dm/bob' && document.getElementById('composer')`)
	begin("bob", "cleo")
	ada.click("main .primary")
	ada.arrives("a group wants a name", `document.querySelector('.field-error')`)
	ada.run(chromedp.SendKeys(`[name="name"]`, "Market", chromedp.ByQuery))
	ada.click("main .primary")
	ada.arrives("the group is there", `document.querySelector('[role=log]')?.ariaLabel === 'Market'`)
}

// swipe moves a finger across the page.
func (b *tab) swipe(from, to float64) {
	b.t.Helper()
	touch := func(x float64) []*input.TouchPoint { return []*input.TouchPoint{{X: x, Y: 400}} }
	b.run(
		input.DispatchTouchEvent(input.TouchStart, touch(from)), input.DispatchTouchEvent(input.TouchMove, touch((from+to)/2)),
		input.DispatchTouchEvent(input.TouchMove, touch(to)), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}),
	)
}

const (
	drawerIsOpen   = `document.getElementById('navigation').matches(':popover-open')`
	drawerIsClosed = `!` + drawerIsOpen
)

// TestDrawer opens the navigation of a phone by its button and by a swipe, and closes it by a swipe, by Escape and by
// going back, which leads no further. From the page that is chosen there, going back leads to the page before.
func TestDrawer(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, _ := befriended(t, s)
	s.Pair("ada", "bob")
	ada.run(emulation.SetDeviceMetricsOverride(390, 844, 1, true), emulation.SetTouchEmulationEnabled(true))
	ada.open("/friends")
	ada.open("/notifications")
	ada.eventually("the script of the drawer is there", `performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.includes('drawer') && responseEnd)`)
	ada.run(chromedp.Evaluate(`globalThis.isSamePage = true`, nil))
	opens := func(how func()) {
		t.Helper()
		how()
		ada.eventually("the navigation is open", drawerIsOpen+` && history.state?.drawer`)
	}
	closes := func(how func()) {
		t.Helper()
		how()
		ada.eventually("the navigation is closed", drawerIsClosed+` && location.pathname === '/notifications' && !history.state?.drawer && isSamePage && !document.querySelector('.htmx-request')`)
	}
	button := func() { ada.click(".navigation-button") }
	// The script runs a moment after it is there.
	e2etest.Eventually(t, "a swipe opens the navigation", func() bool {
		ada.swipe(5, 200)
		return ada.is(drawerIsOpen + ` && history.state?.drawer`)
	})
	closes(func() { ada.swipe(300, 100) })
	opens(button)
	closes(func() { ada.press(escape) })
	opens(button)
	closes(func() { ada.run(chromedp.Evaluate(`history.back()`, nil)) })
	ada.swipe(200, 380)
	if ada.is(drawerIsOpen) {
		t.Error("a swipe in the middle of the page opens the navigation")
	}
	opens(button)
	ada.run(chromedp.Evaluate(`document.querySelector('nav a[href="/dm"]').click()`, nil))
	ada.arrives("the chosen page is there", `location.pathname === '/dm'`)
	ada.run(chromedp.Evaluate(`history.back()`, nil))
	ada.arrives("the page before is back", `location.pathname === '/notifications'`)
	ada.run(chromedp.Evaluate(`history.back()`, nil))
	ada.arrives("and the one before that", `location.pathname === '/friends'`)
}
