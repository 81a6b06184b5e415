package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// says posts messages to the public chat as a member who has no browser.
func says(s *e2etest.Site, username string, texts ...string) {
	s.T.Helper()
	member := s.Enter(username)
	for _, text := range texts {
		s.MustPost(member, text)
	}
}

// countsUnread waits until a page counts the unread messages of the public chat.
func (b *tab) countsUnread(count string) {
	b.t.Helper()
	b.eventually(fmt.Sprintf("the page counts %q unread", count),
		fmt.Sprintf("(({ hidden, firstChild }) => hidden ? '' : firstChild.data)(document.getElementById('public-count')) === %q", count))
}

// showsUnread is countsUnread, and checks the page's title.
func (b *tab) showsUnread(count, title string) {
	b.t.Helper()
	b.countsUnread(count)
	if got := b.text(`document.title`); got != title {
		b.t.Errorf("the title is %q, want %q", got, title)
	}
}

const leftOffAt = `document.querySelector('.left-off')?.nextElementSibling.querySelector('.body').textContent.trim()`

// TestUnreadInThePublicChat leaves the public chat and comes back. Other pages count what is said meanwhile. Back
// there, a line is above the first new message, and its button marks all as read, on other pages too.
func TestUnreadInThePublicChat(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	b := browse(t, s)
	b.enter("ada", "/")
	says(s, "bob", "seen")
	b.eventually("the message is there", `document.querySelector('article:last-of-type .body').textContent.trim() === 'seen'`)
	b.open("/friends")
	b.connected()
	b.showsUnread("", "Friends · plaza")
	says(s, "bob", "new 0", "new 1")
	b.showsUnread("2", "• Friends · plaza")
	says(s, "ada", "my own, elsewhere")
	says(s, "bob", "new 2")
	b.showsUnread("3", "• Friends · plaza")
	phone := browse(t, s)
	phone.enter("ada", "/settings")
	phone.countsUnread("3")

	b.open("/")
	b.connected()
	b.eventually("a line is above the first new message", leftOffAt+` === 'new 0'`)
	b.showsUnread("", "(2) Public chat · plaza") // the notifications of new browsers count
	b.click(".left-off button")
	b.eventually("the line is gone, and the log has the focus", `!document.querySelector('.left-off') && document.activeElement.id === 'log'`)
	phone.countsUnread("")
	b.open("/")
	b.connected()
	if b.is(`document.querySelector('.left-off')`) {
		t.Error("a line is there after all was read")
	}
}

// TestReadingThePublicChatIsToldRarely reads many messages as they come. The page tells the site once a minute, and
// when it is left. The next page does not wait for that.
func TestReadingThePublicChatIsToldRarely(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	b := browse(t, s)
	b.beforeScripts(`{
		window.told = [];
		window.minutes = [];
		const { fetch, setTimeout, sessionStorage } = window;
		window.fetch = (path, options) => {
			if (String(path).endsWith('/read')) told.push(String(options.body));
			return fetch(path, options);
		};
		window.setTimeout = (f, time, ...rest) => time >= 60000 ? minutes.push(f) : setTimeout(f, time, ...rest);
		navigator.sendBeacon = (path, body) => { sessionStorage.beacon = path + ' ' + body; return true };
	}`)
	b.enter("ada", "/")
	says(s, "bob", "0", "1", "2", "3", "4")
	b.eventually("the messages are there", `document.querySelector('article:last-of-type').dataset.seq === '11'`)
	if told := b.texts(`told`); len(told) > 0 || b.number(`minutes.length`) != 1 {
		t.Errorf("the page told %q", told)
	}
	b.run(chromedp.Evaluate(`minutes.pop()(); null`, nil))
	b.eventually("the page tells a minute later", `told.join() === 'seq=11' && !sessionStorage.beacon`)
	says(s, "bob", "for @ada")
	b.eventually("it tells of a mention at once", `told.at(-1) === 'seq=12'`)
	says(s, "bob", "5")
	b.eventually("the last message is there", `document.querySelector('article:last-of-type').dataset.seq === '13'`)
	b.open("/friends") // the site does not get the beacon
	b.showsUnread("", "Friends · plaza")
	if got := b.text(`sessionStorage.beacon`); got != "/rooms/1/read seq=13" {
		t.Errorf("the page that was left told %q", got)
	}
	phone := browse(t, s)
	phone.enter("ada", "/friends")
	phone.countsUnread("1")
}

// TestHiddenTabHasAMark checks that the title of a tab in the background says that the room has new messages.
func TestHiddenTabHasAMark(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	b := browse(t, s)
	b.beforeScripts(`window.isHidden = true; Object.defineProperty(document, 'hidden', { get: () => isHidden })`)
	b.enter("ada", "/")
	says(s, "bob", "are you there?")
	b.eventually("the title has a mark", `document.title === '• Public chat · plaza'`)
	b.run(chromedp.Evaluate(`isHidden = false; document.dispatchEvent(new Event('visibilitychange'))`, nil))
	b.showsUnread("", "Public chat · plaza")
}

// TestFirstUnreadIsFarAbove comes back to so many messages that the first new one is on an older page.
func TestFirstUnreadIsFarAbove(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120), "--limits=off")
	b := browse(t, s)
	b.take(s.Session("bob"))
	texts := make([]string, 60)
	for i := range texts {
		texts[i] = fmt.Sprint("new ", i)
	}
	says(s, "ada", texts...)
	b.open("/")
	b.connected()
	b.click(`.left-above button`)
	b.eventually("the link to it is gone", `!document.querySelector('.left-above') && document.activeElement.id === 'log'`)
	b.open("/friends")
	b.showsUnread("", "Friends · plaza")
}

// TestMarkUnreadFromHere marks a message as unread by its menu. It stays so on the page until the viewer writes, and the
// viewer's other pages learn it.
func TestMarkUnreadFromHere(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	s.Befriend("ada", "bob")
	private := s.Pair("ada", "bob")
	for i := range 6 {
		s.MustPostTo(private, s.Enter("bob"), fmt.Sprintf("message %d of bob", i+1))
	}
	for path, count := range map[string]string{
		"/":       `(({ hidden, firstChild }) => hidden ? '' : firstChild.data)(document.getElementById('public-count'))`,
		"/dm/bob": `(({ hidden, firstChild }) => hidden ? '' : firstChild.data)(document.getElementById('messages-count'))`,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			b, phone := browse(t, s), browse(t, s)
			b.look(1280, 800, "light")
			b.enter("ada", path)
			phone.enter("ada", "/friends")
			b.eventually("all is read", count+` === '' && document.getElementById('log').dataset.version`)
			unread := b.text(`String([...document.querySelectorAll('article')].slice(-3).filter(({ dataset }) => dataset.author !== 'ada').length)`)
			b.click("article:nth-last-of-type(3) .message-actions")
			b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
			b.click(`#message-menu [data-does="unread"]`)
			b.eventually("a line is above the message", `document.querySelector('.left-off')?.nextElementSibling.matches('article:nth-last-of-type(3)')`)
			b.eventually("the navigation counts "+unread, count+` === '`+unread+`'`)
			phone.eventually("the phone counts "+unread, count+` === '`+unread+`'`)
			b.scrollBack(100)
			b.scrollBack(-100)
			b.nextFrame()
			b.open("/friends")
			b.eventually("the next page counts "+unread, count+` === '`+unread+`'`)
			phone.open("/friends")
			phone.eventually("the phone's next page counts "+unread, count+` === '`+unread+`'`)
			b.open(path)
			b.connected()
			b.eventually("a line is above the message", leftOffAt)
			b.send("read")
			b.eventually("the message is there", `document.querySelector('article:last-of-type:not(.pending) .body').innerText.trim() === 'read'`)
			b.open("/settings") // a page of the public chat tells the site when it is left
			phone.eventually("the phone counts nothing", count+` === ''`)
		})
	}
}

// TestMarkAsReadWithoutScripts marks the public chat as read in a browser without JavaScript.
func TestMarkAsReadWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	s.Join("frida")
	says(s, "ada", "new 0", "new 1")
	b := withoutScripts(t, s)
	b.take(s.Session("frida"))
	b.open("/friends")
	b.showsUnread("2", "• Friends · plaza")
	b.open("/")
	if b.is(`document.querySelector('[data-mark-read]')?.checkVisibility()`) {
		t.Error("the page has a button that needs scripts")
	}
	b.click(`form[action="/rooms/1/read"] button`)
	b.arrives("all is read", `location.pathname === '/' && !document.querySelector('form[action="/rooms/1/read"]')`)
	b.open("/friends")
	b.showsUnread("", "Friends · plaza")
}
