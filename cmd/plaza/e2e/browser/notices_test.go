package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
)

// listening replaces the system's notifications and counts sounds.
const listening = `{
	window.asked = 0;
	window.told = [];
	window.heard = 0;
	window.inFront = false;
	document.hasFocus = () => inFront;
	window.Notification = class extends EventTarget {
		static permission = sessionStorage.allowed ?? 'default';
		static async requestPermission() {
			asked++;
			return this.permission = sessionStorage.allowed = 'granted';
		}
		constructor(title, { body }) {
			super();
			told.push([title, body].join(': '));
		}
	};
	window.OscillatorNode = class extends OscillatorNode {
		start(when) {
			heard += 0.5; // a sound has two notes
			super.start(when);
		}
	};
}`

// offersNotices opens the page that turns on sounds and desktop notifications.
func (b *tab) offersNotices() {
	b.t.Helper()
	b.open("/settings/notifications")
	b.eventually("the page offers to turn them on", `document.querySelector('#device-notices button').checkVisibility()`)
}

// TestSoundsAndDesktopNotices turns on sounds and desktop notifications for some kinds, and checks that
// only these kinds are announced.
func TestSoundsAndDesktopNotices(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)), "AudioContext")
	b.look(1280, 800, "light")
	b.beforeScripts(listening)
	b.enter("ada", "/friends")
	next := notices("bob")
	b.receives(next(1, store.PrivateMessage, 1, 7))
	b.offersNotices()
	known := func(at time.Time) string { return fmt.Sprint(`Number(kept.read('announced')) === `, at.UnixMilli()) }
	second := next(1, store.PrivateMessage, 2, 7)
	b.receives(second)
	b.eventually("the page has considered the notification", known(second.Newest.At))
	if b.is(`asked || told.length || heard`) {
		t.Error("the page announced something before it was turned on")
	}

	b.click(`[data-means="sound"] button`)
	b.eventually("the page plays an example", `heard === 1 && kept.read('sound')`)
	if b.is(`asked`) {
		t.Error("turning on sounds asks for permission")
	}
	b.click(`[data-means="desktop"] button`)
	b.eventually("the page shows an example", `asked === 1 && told.length === 1 && kept.read('desktop')`)
	b.click(`label[for="desktop-mention"]`)
	b.eventually("the page leaves out mentions", `!kept.read('desktop').includes('mention')`)

	b.open("/friends")
	b.eventually("the script is loaded", `performance.getEntriesByType('resource').some(({ name }) => name.includes('/announce.'))`)
	b.nextFrame()
	at := func() float64 { return b.number(`Number(kept.read('announced'))`) }
	tell := func(i store.Inbox) {
		b.receives(i)
		b.eventually("the notification was announced or seen", known(i.Newest.At))
	}
	tell(next(2, store.Mentioned, 1, store.PublicRoom))
	if got := b.texts(`told`); b.number(`heard`) != 1 || len(got) > 0 {
		t.Errorf("a mention: notifications %q, and %v sounds in all", got, b.number(`heard`))
	}
	tell(next(3, store.PrivateMessage, 3, 7))
	if got := b.texts(`told`); b.number(`heard`) != 2 || len(got) != 1 || got[0] != "bob sent you 3 messages: excerpt 3" {
		t.Errorf("a message: notifications %q, and %v sounds in all", got, b.number(`heard`))
	}
	// Two tabs announce a notification once if neither has the focus, and not at all if one has.
	other := b.another("AudioContext")
	other.beforeScripts(listening)
	other.open("/friends")
	other.eventually("the script is loaded", `performance.getEntriesByType('resource').some(({ name }) => name.includes('/announce.'))`)
	other.nextFrame()
	// Chromium tells tabs of each other's storage a little later: each waits until the other knows.
	both := next(4, store.PrivateMessage, 1, 7)
	other.receives(both)
	b.eventually("the other tab has announced it", known(both.Newest.At))
	tell(both)
	seen := next(5, store.PrivateMessage, 1, 7)
	other.run(chromedp.Evaluate(`inFront = true`, nil))
	other.receives(seen)
	b.eventually("the tab in front has shown it", known(seen.Newest.At))
	tell(seen)
	last := next(6, store.PrivateMessage, 1, 7)
	tell(last)
	if total := b.number(`heard`) + other.number(`heard`); total != 4 || at() != float64(last.Newest.At.UnixMilli()) {
		t.Errorf("both tabs played %v sounds, want 4", total)
	}
}
