package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// rowOf returns the row of the list whose text has some words.
func rowOf(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('.notices > .notice')].find((row) => row.textContent.includes(%q))`, words)
}

// told opens a site where ada has notifications of many kinds: mentions by three members, messages of two, and
// requests of three. bo and mei are her friends.
func told(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.Open(t)
	s.Join("ada", "bo", "mei", "layla", "zoe", "kim")
	people := map[string]*http.Client{}
	for _, name := range []string{"ada", "bo", "mei", "layla", "zoe", "kim"} {
		people[name] = s.Enter(name)
	}
	for _, name := range []string{"bo", "mei"} {
		s.Befriend("ada", name)
		s.MustPostTo(s.Pair("ada", name), people[name], "Shall we meet at the fountain, or at the arcade?")
	}
	s.Fill(people["bo"], "/friends/ada/remove", nil)
	s.Fill(people["layla"], "/friends/ada/request", nil)
	for _, name := range []string{"layla", "zoe", "kim"} {
		s.MustPost(people[name], "Has anybody seen @ada? I have figs, and she wanted honey too.")
	}
	s.Fill(people["ada"], "/friends/kim/request", nil)
	s.Fill(people["kim"], "/friends/ada/accept", nil)
	s.Fill(people["ada"], "/friends/zoe/request", nil)
	s.Fill(people["zoe"], "/friends/ada/decline", nil)
	s.SignIn("ada")
	return s
}

// TestRowsOfNotifications checks what a phone shows: seven rows, with targets for fingers.
func TestRowsOfNotifications(t *testing.T) {
	t.Parallel()
	b := browse(t, told(t))
	b.look(390, 844, "light")
	b.enter("ada", "/notifications")
	shown := b.number(`[...document.querySelectorAll('.notices > .notice')].filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length`)
	if shown < 7 {
		t.Errorf("a phone shows %v rows of %v", shown, b.number(`document.querySelectorAll('.notices > .notice').length`))
	}
	if small := b.texts(tooSmall); len(small) > 0 {
		t.Errorf("these are too small: %q", small)
	}
	if !b.is(`[...document.querySelectorAll('.notices > .notice > .read-one button')].every((button) => button.checkVisibility({ opacityProperty: true }) && button.querySelector('svg').getBoundingClientRect().width < 20)`) {
		t.Error("on a phone, the checks are hidden or large")
	}
	b.look(1280, 800, "light")
	const check = `document.querySelector('.notice.unread > .read-one')`
	if b.is(check + `.checkVisibility({ opacityProperty: true })`) {
		t.Error("a check is visible before the pointer is on the row")
	}
	b.hover(rowOf("mentioned you"))
	b.eventually("the check of the row under the pointer is visible", rowOf("mentioned you")+`.querySelector('.read-one').checkVisibility({ opacityProperty: true })`)
}

// TestFollowingANotification goes from a row to the oldest of its mentions, which marks all of them as read.
func TestFollowingANotification(t *testing.T) {
	t.Parallel()
	s := told(t)
	s.Fill(s.Enter("mei"), "/friends/ada/remove", nil)
	for name, open := range map[string]func() *tab{
		"with scripts": func() *tab { return browse(t, s) },
		"without":      func() *tab { return withoutScripts(t, s) },
	} {
		requester := map[string]string{"with scripts": "bo", "without": "mei"}[name]
		s.MustPost(s.Enter("zoe"), "@ada, "+name)
		s.MustPost(s.Enter("kim"), "@ada, "+name+", again")
		b := open()
		b.take(s.Session("ada"))
		b.open("/notifications")
		if !b.is(rowOf("mentioned you") + `.matches('.unread')`) {
			t.Fatalf("%s: the row is read at first", name)
		}
		b.run(chromedp.Click(`.notice-link[data-notification="`+b.text(rowOf("mentioned you")+`.querySelector('a').dataset.notification`)+`"]`, chromedp.ByQuery))
		b.arrives(name+": the row leads to the first mention", `location.pathname === '/' && /^#m-1-\d+$/.test(location.hash) && document.querySelector(location.hash).textContent.includes('@ada')`)
		b.open("/notifications")
		b.eventually(name+": the row is read", rowOf("mentioned you")+`.matches(':not(.unread)')`)

		// The page of requests itself marks nothing as read.
		s.Fill(s.Enter(requester), "/friends/ada/request", nil)
		b.open("/notifications")
		if !b.is(rowOf("sent you") + `.matches('.unread')`) {
			t.Fatalf("%s: the request is read at first", name)
		}
		b.run(chromedp.Click(`.notice-link[data-notification="`+b.text(rowOf("sent you")+`.querySelector('a').dataset.notification`)+`"]`, chromedp.ByQuery))
		b.arrives(name+": the row leads to the requests", `location.pathname === '/friends'`)
		b.open("/notifications")
		b.eventually(name+": the request is read", rowOf("sent you")+`.matches(':not(.unread)')`)
	}
}

// TestListStaysOpen checks that a row stays open, and keeps the focus, while the list reloads.
func TestListStaysOpen(t *testing.T) {
	t.Parallel()
	s := told(t)
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/notifications")
	row := "#" + b.text(rowOf("mentioned you")+`.id`)
	b.tabTo(row + ` .notice-rest > summary`)
	b.press(enter)
	b.eventually("the row is open", `document.querySelector('.notice-rest[open]')`)
	b.tabTo(row + ` .notice-rest a`)
	s.MustPost(s.Enter("bo"), "@ada, here you are!")
	b.eventually("the row has grown", rowOf("bo and 3 others mentioned you")+`.querySelectorAll('.notice-rest .notice').length === 4`)
	if !b.is(rowOf("bo and 3 others") + `.querySelector('.notice-rest').open`) {
		t.Error("the row is closed")
	}
	if !b.is(`document.activeElement.matches('.notice-rest[open] a')`) {
		t.Errorf("the focus moved to %s", b.text(focused))
	}
	b.tabTo(row + ` .notice-rest .read-one button`)
	b.press(space)
	b.eventually("one of them is read", `document.querySelectorAll('`+row+` .notice-rest .unread').length === 3`)
	b.eventually("the row has the focus", `document.activeElement.matches('`+row+`.unread > a')`)
	if !b.is(rowOf("mentioned you") + `.querySelector('.notice-rest').open`) {
		t.Error("marking one as read closes the row")
	}
}

// TestAcceptInTheList answers friend requests in their row, with the keyboard.
func TestAcceptInTheList(t *testing.T) {
	t.Parallel()
	s := told(t)
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/notifications")
	b.tabTo(`main [aria-label="Accept: layla"]`)
	b.press(enter)
	b.eventually("the row is gone, and a sentence says why", `document.getElementById('answered').textContent === 'layla is your friend now.' && !document.querySelector('.relation-buttons')`)
	b.eventually("the first row has the focus", `document.activeElement === document.querySelector('.notice a')`)
	if !b.is(`location.pathname === '/notifications'`) {
		t.Errorf("the page is %s", b.text(`location.href`))
	}

	s.Fill(s.Enter("bo"), "/friends/ada/request", nil)
	plain := withoutScripts(t, s)
	plain.take(s.Session("ada"))
	plain.open("/notifications")
	plain.run(chromedp.Click(`main [aria-label="Decline: bo"]`, chromedp.ByQuery))
	plain.arrives("the list is back without the request", `location.pathname === '/notifications' && !document.querySelector('.relation-buttons')`)
}

// TestDaysOfNotifications checks that days begin in the viewer's time zone, from the second page on.
func TestDaysOfNotifications(t *testing.T) {
	t.Parallel()
	s := told(t)
	b := browse(t, s)
	b.run(emulation.SetTimezoneOverride("Asia/Kathmandu"))
	b.enter("ada", "/friends")
	if zone := b.text(`document.cookie`); !strings.Contains(zone, "zone=345") {
		t.Errorf("the browser's cookies are %q", zone)
	}
	b.open("/notifications")
	if got := b.texts(`[...document.querySelectorAll('.notices-day h2')].map((day) => day.textContent)`)[0]; got != "Today" {
		t.Errorf("the first day is %s", got)
	}
	if !b.is(`document.querySelector('.notices-day h2').id === 'day-' + new Date().toLocaleDateString('en-CA')`) {
		t.Errorf("the first day is %s", b.text(`document.querySelector('.notices-day h2').id`))
	}
}
