package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const (
	first = `Number(document.querySelector('#log article').dataset.seq)`
	last  = `Number(document.querySelector('#log article:last-of-type').dataset.seq)`
)

// watchesTheEye makes the page note whenever what is read moves.
func (b *tab) watchesTheEye() {
	b.t.Helper()
	b.run(chromedp.Evaluate(`{`+reads+`
		window.jumps = [];
		let eye, was;
		window.look = () => { eye = underTheEye(); was = eye?.getBoundingClientRect().top; };
		// Browsers keep the place after they ask scripts for a frame, and before they paint it.
		const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));
		new MutationObserver(() => afterPaint(() => {
			const moved = eye.getBoundingClientRect().top - was;
			if (Math.abs(moved) > 2) jumps.push(eye.innerText + ' by ' + moved);
		})).observe(document.getElementById('messages'), { childList: true });
		window.goUp = () => { log.scrollTop = 200 - log.scrollHeight; look(); };
		window.goDown = () => { log.scrollTop = 0; look(); };
	}`, nil))
}

// readsOn reads in a direction, goUp or goDown, until the link at that end is gone. It checks that the page has no gap and does
// not grow without end.
func (b *tab) readsOn(direction, link string) {
	b.t.Helper()
	for b.is(`document.getElementById('` + link + `')`) {
		b.run(chromedp.Evaluate(`window.was = `+first+` + ' ' + `+last+`; `+direction+`()`, nil))
		b.eventually("further messages are there", `was !== `+first+` + ' ' + `+last)
		b.nextFrame()
		b.nextFrame()
		var seqs []int
		b.run(chromedp.Evaluate(`[...document.querySelectorAll('#log article')].map(({ dataset }) => Number(dataset.seq))`, &seqs))
		if len(seqs) > kept {
			b.t.Errorf("the page has %d messages", len(seqs))
		}
		for i, seq := range seqs {
			if seq != seqs[0]+i {
				b.t.Fatalf("the page has the messages %v", seqs)
			}
		}
		if jumps := b.texts(`jumps.splice(0)`); len(jumps) > 0 {
			b.t.Errorf("%s from %v, the message in view moved: %q", direction, seqs[0], jumps)
		}
	}
}

// TestReadingOnFromAMessage opens the room at a message in its middle, and reads on to both ends and back again.
func TestReadingOnFromAMessage(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{"with anchoring": "", "without anchoring": withoutAnchoring} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(320)))
			b.beforeScripts(script)
			b.enter("bob", "/?at=150#m-1-150")
			b.watchesTheEye()
			b.eventually("the message is in view, and marked", `(({ top, bottom }) => top > 100 && bottom < innerHeight - 100)(document.querySelector('article.marked:target').getBoundingClientRect())`)
			if b.number(first) < 75 || b.number(last) > 224 {
				t.Errorf("the page has the messages %v to %v", b.number(first), b.number(last))
			}
			b.readsOn("goDown", "newer")
			if b.number(last) != 320 || b.is(`document.querySelector('#new-messages:not([hidden])')`) {
				t.Errorf("the last message is %v, or the page leads to newer ones", b.number(last))
			}
			b.readsOn("goUp", "older")
			if b.number(first) != 1 || b.text(`document.querySelector('#new-messages:not([hidden])').innerText`) != "Jump to the newest" {
				t.Errorf("the first message is %v, or the page does not lead to the newest", b.number(first))
			}
			b.readsOn("goDown", "newer")
			b.eventually("the link to the newest is gone", last+` === 320 && document.getElementById('new-messages').hidden`)
		})
	}
}

// TestLinkWithoutAPlace opens an address that names only the seq, such as that after signing in.
func TestLinkWithoutAPlace(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120))
	b := browse(t, s)
	b.take(s.Session("bob"))
	b.open("/?at=40")
	b.eventually("the message is in view, and has the focus", `(({ top, bottom }) => top > 50 && bottom < innerHeight - 50)(document.querySelector('#m-1-40.marked').getBoundingClientRect()) && document.activeElement.id === 'm-1-40'`)
	// Without scripts a browser may skip autofocus while it has only a part of the page.
	b = withoutScripts(t, s)
	b.take(s.Session("bob"))
	b.open("/?at=40")
	b.eventually("without scripts the message is marked", `document.querySelector('#m-1-40.marked[autofocus]')`)
}

// edits gives a message that was never edited another text, as its author.
func edits(s *e2etest.Site, seq int) {
	s.T.Helper()
	author := s.Enter(s.Messages()[seq-1].Author.Username)
	form := url.Values{"body": {fmt.Sprint("edited ", seq)}, "version": {"0"}}
	if status, _, err := s.Send(author, fmt.Sprintf("/messages/1/%d/edit", seq), form); err != nil || status != http.StatusNoContent {
		s.T.Fatalf("edit message %d: %d, %v", seq, status, err)
	}
}

// TestLiveInTheMiddle reads in the middle of the log while messages are posted, edited and deleted. None is lost or shown twice
// when the reader comes to the end.
func TestLiveInTheMiddle(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120))
	b, ada := browse(t, s), s.Enter("ada")
	b.beforeScripts(`
		const really = window.fetch;
		window.held = [];
		window.fetch = async (address, ...more) => {
			const answer = await really.call(window, address, ...more);
			if (window.holds && String(address).includes('after=')) await new Promise((go) => held.push(go));
			return answer;
		};
	`)
	b.enter("bob", "/?at=60#m-1-60")
	b.watchesTheEye()
	b.eventually("the page ends before the newest message", last+` === 84`)
	s.MustPost(ada, "in the middle")
	b.eventually("the link says that there is a new message", `document.getElementById('new-messages').innerText === 'Jump to the newest · 1 new'`)
	if b.number(last) != 84 {
		t.Errorf("the page ends with %v", b.number(last))
	}
	b.run(chromedp.Evaluate(`holds = true; goDown()`, nil))
	b.eventually("the answer is held back", `held.length === 1`)
	s.MustPost(ada, "meanwhile")
	edits(s, 100)
	b.hasVersion(123)
	b.run(chromedp.Evaluate(`holds = false; look(); held.pop()(); null`, nil))
	b.eventually("the rest is there", last+` === 122 && !document.getElementById('newer')`)
	s.MustPost(ada, "at the end")
	b.eventually("the page follows the stream", last+` === 124`)
	b.nextFrame()
	if jumps := b.texts(`jumps`); len(jumps) > 0 {
		t.Errorf("the message in view moved: %q", jumps)
	}
	shown := b.bodies()
	if got, want := shown[len(shown)-4:], []string{"message 120", "in the middle", "meanwhile", "at the end"}; !slices.Equal(got, want) {
		t.Errorf("the log ends with %q, want %q", got, want)
	}
	if got := b.number(articles); got != 123-34 {
		t.Errorf("the page has %v messages", got)
	}
	if got := b.text(`document.querySelector('#m-1-100 .body').innerText.trim()`); got != "edited 100" {
		t.Errorf("message 100 says %q", got)
	}
	if got := b.text(leftOffAt); got != "in the middle" {
		t.Errorf("the line of unread messages is above %q", got)
	}
	if said := b.text(`document.getElementById('new-messages').innerText`); said != "3 new messages" {
		t.Errorf("the pill says %q", said)
	}
	b.click("#new-messages")
	b.eventually("the pill is gone", `document.getElementById('new-messages').hidden`)
	b.mustBeAtTheEnd("after a click on the pill")
}

// TestChangesInTheMiddle changes a message that the page shows, and one that is further down.
func TestChangesInTheMiddle(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120))
	b := browse(t, s)
	b.enter("bob", "/?at=60#m-1-60")
	edits(s, 60)
	b.eventually("the marked message has its new text", `document.querySelector('#m-1-60.marked .body').innerText.trim() === 'edited 60'`)
	edits(s, 115)
	b.hasVersion(122)
	if b.number(last) != 84 || b.text(`document.getElementById('new-messages').innerText`) != "Jump to the newest" {
		t.Error("a change of a message that is further down counts as new")
	}
}

// TestPostingFromTheMiddle posts on a page in the middle of the log, which then shows the newest messages.
func TestPostingFromTheMiddle(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(120)))
	b.enter("bob", "/?at=20#m-1-20")
	b.send("my own")
	b.arrives("the page has the newest messages", `location.pathname + location.search === '/' && !document.getElementById('newer')`)
	b.eventually("the message is there", `document.querySelector('article:last-of-type:not(.pending) .body').innerText.trim() === 'my own'`)
	b.open("/?at=20#m-1-20")
	b.connected()
	b.click("#new-messages")
	b.arrives("the link leads to the newest", last+` === 121 && location.search === ''`)
	b.open("/?at=20#m-1-20")
	b.connected()
	b.eventually("the script of keys is there", `performance.getEntriesByType('resource').some(({ name }) => name.includes('lazy/actions'))`)
	b.run(chromedp.Focus("#log", chromedp.ByQuery))
	b.press(endKey)
	b.arrives("the key leads to the newest", last+` === 121 && location.search === ''`)
}

// TestComingBackToTheMiddle comes back with a page in the middle of the log after too many changes to replay.
func TestComingBackToTheMiddle(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120), "--limits", "off")
	b := browse(t, s, "WebSocket", "ERR_", "htmx")
	b.enter("bob", "/?at=60#m-1-60")
	b.run(chromedp.Evaluate(`window.isOfBefore = true`, nil))
	s.Kill()
	b.eventually("the page says that it reconnects", `document.getElementById('connection').innerText === 'Reconnecting…'`)
	home := s.URL
	s.URL = "http://" + e2etest.FreeAddress(t)
	s.Start("--limits", "off")
	ada := s.Enter("ada")
	for i := range 210 {
		s.MustPost(ada, fmt.Sprint("meanwhile ", i))
	}
	s.Kill()
	s.URL = home
	s.Start("--limits", "off")
	b.arrives("the page was loaded again, where it was read", `!window.isOfBefore && location.search.startsWith('?at=5') && document.getElementById('m-1-60') && document.getElementById('newer')`)
}
