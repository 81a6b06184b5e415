package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// threePeople opens a browser for each of ada, bob and eve.
func threePeople(t *testing.T, s *e2etest.Site) (ada, bob, eve *tab) {
	t.Helper()
	ada, bob, eve = browse(t, s, "404"), browse(t, s, "404"), browse(t, s, "404")
	for name, b := range map[string]*tab{"ada": ada, "bob": bob, "eve": eve} {
		b.join(name)
	}
	return ada, bob, eve
}

// befriended opens a browser for each of two friends.
func befriended(t *testing.T, s *e2etest.Site) (ada, bob *tab) {
	t.Helper()
	s.Join("ada", "bob")
	s.Befriend("bob", "ada")
	ada, bob = browse(t, s, "404"), browse(t, s, "404")
	ada.enter("ada", "/friends")
	bob.enter("bob", "/friends")
	return ada, bob
}

// From a request to a message that was seen, and to the end of a friendship, each as it shows on
// the other's open page.
func TestPrivateStory(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob, eve := threePeople(t, s)
	bob.open("/u/ada")
	bob.click("#relation .primary")
	bob.eventually("bob has asked", `document.getElementById('relation').textContent.includes('You sent a friend request')`)
	ada.open("/friends")
	ada.click(".relation-buttons .primary")
	ada.eventually("they are friends", `document.querySelector('h2').textContent === '1 friend'`)
	ada.open("/u/bob")
	ada.click(`main a[href="/dm/bob"]`)
	ada.eventually("the conversation is there", `document.querySelector('[role=log]').ariaLabel === 'bob'`)
	ada.connected()
	bob.open("/dm/ada")
	bob.connected()
	eve.open("/")
	eve.connected()
	eve.run(chromedp.Evaluate(`window.came = ''; document.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => { window.came += detail.message.data }, true)`, nil))

	ada.write("for your eyes")
	bob.eventually("ada is said to type", `document.getElementById('typing').textContent === 'ada is typing…'`)
	ada.send("")
	bob.eventually("it came", `document.querySelector('#log article .body')?.textContent.trim() === 'for your eyes'`)
	bob.eventually("ada types no more", `document.getElementById('typing').textContent === ''`)
	ada.eventually("it was seen", `document.querySelector('#log article .seen')?.textContent === 'Seen'`)
	bob.send("and for **yours**")
	ada.eventually("the answer came", `document.querySelector('#log article[data-author="bob"] strong')`)
	bob.eventually("the answer was seen", `document.querySelector('#log article[data-author="bob"] .seen')`)

	ada.write("a draft that is kept")
	bob.open("/u/ada")
	bob.click(`#relation form[action$="/remove"] button`)
	ada.eventually("ada's page says why it is closed", `document.querySelector('.closed')?.textContent.includes('bob accepts private messages only from friends.')`)
	if got := ada.bodies(); len(got) != 2 {
		t.Errorf("what was said is %q", got)
	}
	if got := eve.text(`window.came`); got != "" && eve.is(`/eyes|yours|draft/.test(window.came)`) {
		t.Errorf("eve was sent %s", got)
	}
}

// What came while one looked elsewhere is set off, and counts until it is looked at; on all devices.
func TestUnreadUntilLookedAt(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := befriended(t, s)
	ada.open("/dm/bob")
	ada.connected()
	bob.open("/dm")
	bob.connected()
	for i := range 3 {
		ada.send(fmt.Sprint("message ", i))
	}
	bob.eventually("three wait, live", `document.querySelector('.conversation .count')?.firstChild.textContent === '3' && document.querySelector('#messages-count').textContent.startsWith('3')`)
	if said := bob.text(`document.querySelector('.conversation time').textContent`); said != "just now" {
		t.Errorf("the list that came anew says %q", said)
	}
	phone := browse(t, s)
	phone.enter("bob", "/dm/ada")
	phone.eventually("it is marked where bob left off", `document.querySelector('.left-off')?.nextElementSibling.querySelector('.body').textContent.trim() === 'message 0'`)
	bob.eventually("nothing waits on the other device", `!document.querySelector('.conversation .count') && document.querySelector('#messages-count').hidden`)
}

// A page in a tab that is hidden has read nothing, until one comes back to it.
func TestHiddenTabReadsNothing(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := befriended(t, s)
	bob.beforeScripts(`window.isHidden = true; Object.defineProperty(document, 'hidden', { get: () => isHidden })`)
	bob.open("/dm/ada")
	bob.connected()
	ada.open("/dm/bob")
	ada.connected()
	ada.send("are you there?")
	bob.eventually("it came, and counts", `document.querySelector('#log article') && document.querySelector('#messages-count').textContent.startsWith('1')`)
	if ada.is(`document.querySelector('.seen')`) {
		t.Error("a hidden tab has seen a message")
	}
	bob.run(chromedp.Evaluate(`isHidden = false; document.dispatchEvent(new Event('visibilitychange'))`, nil))
	ada.eventually("it was seen", `document.querySelector('#log article .seen')`)
	bob.eventually("nothing counts", `document.querySelector('#messages-count').hidden`)
}

// Whoever leaves a group is shown nothing of it any more, also on a page that is open.
func TestLeavingAGroup(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := befriended(t, s)
	ada.open("/groups/new")
	ada.run(chromedp.SendKeys(`[name="name"]`, "Market", chromedp.ByQuery), chromedp.Click(`[name="people"]`, chromedp.ByQuery), chromedp.Click(`main .primary`, chromedp.ByQuery))
	ada.eventually("the group is there", `document.querySelector('[role=log]').ariaLabel === 'Market'`)
	path := ada.text(`location.pathname`)
	bob.open(path)
	bob.connected()
	ada.connected()
	ada.send("hello all")
	bob.eventually("it came", `document.querySelectorAll('#log article').length === 1`)
	elsewhere := browse(t, s)
	elsewhere.enter("bob", path+"/members")
	elsewhere.click(".danger")
	bob.eventually("bob's page goes elsewhere", `location.pathname === '/dm'`)
	ada.eventually("ada reads that he left", `document.querySelector('#log .event')?.textContent.includes('bob left')`)
}

// The keyboard goes from room to room, also out of the composer.
func TestAltArrowsGoThroughRooms(t *testing.T) {
	t.Parallel()
	ada, _ := befriended(t, e2etest.Open(t))
	for _, name := range []string{"bob", "ada"} {
		ada.open("/dm/" + name)
		ada.connected()
		ada.send("hello")
		ada.eventually("it is said", `document.querySelector('#log article:not(.pending)')`)
	}
	ada.open("/")
	for _, step := range []struct {
		key   stroke
		where string
	}{
		{downKey, "Messages"},
		{downKey, "Notes to yourself"},
		{downKey, "bob"},
		{downKey, "bob"},
		{upKey, "Notes to yourself"},
		{upKey, "Messages"},
		{upKey, "Public chat"},
		{upKey, "Public chat"},
	} {
		ada.eventually("the scripts are there", `window.htmx`)
		ada.press(step.key, input.ModifierAlt)
		ada.arrives("the room is there", fmt.Sprintf("document.title.startsWith(`%s ·`)", step.where))
	}
}

// The list of conversations begins where one sees the open one.
func TestOpenConversationIsInSight(t *testing.T) {
	t.Parallel()
	ada, _ := befriended(t, e2etest.Open(t))
	ada.look(1280, 800, "light")
	ada.open("/dm")
	ada.run(chromedp.Evaluate(`(async () => {
		for (let i = 0; i < 18; i++) await fetch('/groups/new', { method: 'POST', body: new URLSearchParams({ name: 'Group ' + i, people: 'bob' }) });
		document.title = 'done';
	})(); null`, nil))
	ada.eventually("there are many", `document.title === 'done'`)
	ada.open("/dm")
	ada.click(`.conversation-list li:last-child a`)
	ada.arrives("the oldest is open, and in sight", `document.querySelector('.conversation-list li:last-child [aria-current]')
		&& ((row) => row.top >= 0 && row.bottom <= innerHeight)(document.querySelector('.conversation[aria-current]').getBoundingClientRect())`)
	if ada.is(`document.querySelector('.conversation').getBoundingClientRect().top > 0`) {
		t.Error("the list need not be scrolled: there are too few")
	}
}
