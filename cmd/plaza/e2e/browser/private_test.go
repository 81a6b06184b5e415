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

// TestPrivateStory goes from a friend request to a message that was seen, and to the end of the
// friendship. Each step must show on the other member's open page.
func TestPrivateStory(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob, eve := threePeople(t, s)
	bob.open("/u/ada")
	bob.click("#relation .primary")
	bob.eventually("bob has asked", `document.getElementById('relation').textContent.includes('You sent a friend request')`)
	ada.open("/friends")
	ada.click(".relation-buttons .primary")
	ada.eventually("they are friends", `document.querySelector('main h2').textContent === '1 friend'`)
	ada.open("/u/bob")
	ada.click(`main a[href="/dm/bob"]`)
	ada.eventually("the conversation is there", `document.querySelector('[role=log]').ariaLabel === 'bob'`)
	ada.connected()
	bob.open("/dm/ada")
	bob.connected()
	eve.open("/")
	eve.connected()
	eve.run(chromedp.Evaluate(`window.came = ''; document.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => { window.came += detail.message.data }, true)`, nil))

	ada.send("for your eyes") // opens the room on both pages
	bob.eventually("the message is there", `document.querySelector('#log article .body')?.textContent.trim() === 'for your eyes'`)
	ada.eventually("the message is confirmed", `document.querySelector('#log article:not(.pending)')`)
	ada.connected()
	ada.write("and yours alone")
	bob.eventually("bob's page says that ada types", `document.getElementById('typing').textContent === 'ada is typing…'`)
	ada.send("")
	bob.eventually("the next message is there", `document.querySelectorAll('#log article').length === 2`)
	bob.eventually("bob's page says no more that ada types", `document.getElementById('typing').textContent === ''`)
	ada.eventually("ada's page says that the message was seen", `document.querySelector('#log article .seen')?.textContent === 'Seen'`)
	bob.send("and for **yours**")
	ada.eventually("the answer is there", `document.querySelector('#log article[data-author="bob"] strong')`)
	bob.eventually("bob's page says that the answer was seen", `document.querySelector('#log article[data-author="bob"] .seen')`)

	ada.write("a draft that is kept")
	bob.open("/u/ada")
	bob.click(`#relation .menu-button`)
	bob.click(`#relation form[action$="/remove"] button`)
	ada.eventually("ada's page says why the conversation is closed", `document.querySelector('.closed')?.textContent.includes('bob accepts private messages only from friends.')`)
	if got := ada.bodies(); len(got) != 3 {
		t.Errorf("the log shows %q, want all messages", got)
	}
	if got := eve.text(`window.came`); got != "" && eve.is(`/eyes|yours|draft/.test(window.came)`) {
		t.Errorf("the site sent to eve: %s", got)
	}
}

// TestUnreadUntilLookedAt checks that messages count as unread until the member looks at them, on all
// devices.
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
	bob.eventually("the open list counts three unread messages", `document.querySelector('.conversation .count')?.firstChild.textContent === '3' && document.querySelector('#messages-count').textContent.startsWith('3')`)
	if said := bob.text(`document.querySelector('.conversation time').textContent`); said != "just now" {
		t.Errorf("the new list gives the time as %q, want just now", said)
	}
	phone := browse(t, s)
	phone.enter("bob", "/dm/ada")
	phone.eventually("a line is above the first unread message", `document.querySelector('.left-off')?.nextElementSibling.querySelector('.body').textContent.trim() === 'message 0'`)
	bob.eventually("the other device counts no unread message", `!document.querySelector('.conversation .count') && document.querySelector('#messages-count').hidden`)
}

// TestHiddenTabReadsNothing checks that messages in a hidden tab stay unread until the tab is in view.
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
	bob.eventually("the message is there, and counts as unread", `document.querySelector('#log article') && document.querySelector('#messages-count').textContent.startsWith('1')`)
	if ada.is(`document.querySelector('.seen')`) {
		t.Error("a message in a hidden tab was marked as seen")
	}
	bob.run(chromedp.Evaluate(`isHidden = false; document.dispatchEvent(new Event('visibilitychange'))`, nil))
	ada.eventually("ada's page says that the message was seen", `document.querySelector('#log article .seen')`)
	bob.eventually("bob's page counts no unread message", `document.querySelector('#messages-count').hidden`)
}

// TestLeavingAGroup checks that an open page of a group goes elsewhere when its member leaves the group.
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
	bob.eventually("the message is there", `document.querySelectorAll('#log article').length === 1`)
	elsewhere := browse(t, s)
	elsewhere.enter("bob", path+"/members")
	elsewhere.click(".danger")
	bob.eventually("bob's page shows his conversations", `location.pathname === '/dm'`)
	ada.eventually("ada's page says that bob left", `document.querySelector('#log .event')?.textContent.includes('bob left')`)
}

// TestAltArrowsGoThroughRooms goes from room to room with the keyboard, also from the composer.
func TestAltArrowsGoThroughRooms(t *testing.T) {
	t.Parallel()
	ada, _ := befriended(t, e2etest.Open(t))
	for _, name := range []string{"bob", "ada"} {
		ada.open("/dm/" + name)
		ada.connected()
		ada.send("hello")
		ada.eventually("the message is posted", `document.querySelector('#log article:not(.pending)')`)
	}
	ada.open("/")
	for _, step := range []struct {
		key   stroke
		where string
	}{
		{downKey, "Notes to yourself"},
		{downKey, "bob"},
		{downKey, "bob"},
		{upKey, "Notes to yourself"},
		{upKey, "Public chat"},
		{upKey, "Public chat"},
	} {
		ada.eventually("the scripts are loaded", `window.htmx`)
		ada.press(step.key, input.ModifierAlt)
		ada.arrives("the room is there", fmt.Sprintf("document.title.startsWith(`%s ·`)", step.where))
	}
}

// TestOpenConversationIsInSight checks that the navigation is scrolled to the open conversation.
func TestOpenConversationIsInSight(t *testing.T) {
	t.Parallel()
	ada, _ := befriended(t, e2etest.Open(t))
	ada.look(1280, 800, "light")
	ada.open("/dm")
	ada.run(chromedp.Evaluate(`(async () => {
		for (let i = 0; i < 30; i++) await fetch('/groups/new', { method: 'POST', body: new URLSearchParams({ name: 'Group ' + i, people: 'bob' }) });
		document.title = 'done';
	})(); null`, nil))
	ada.eventually("ada has many conversations", `document.title === 'done'`)
	ada.open("/dm")
	ada.click(`.conversation-list li:last-child a`)
	ada.arrives("the oldest conversation is open, and in view", `document.querySelector('.destinations li:last-child [aria-current]')
		&& ((row) => row.top >= 0 && row.bottom <= innerHeight)(document.querySelector('.destination[aria-current]').getBoundingClientRect())`)
	if ada.is(`document.querySelector('.destination').getBoundingClientRect().top > 0`) {
		t.Error("the list fits its box: it has too few conversations")
	}
}
