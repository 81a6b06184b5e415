package browser

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// reads defines underTheEye in the page: the first text of a message in view. The author's name above it
// may go when older messages load that begin the group.
const reads = `
	const log = document.getElementById('log');
	globalThis.underTheEye = () => [...log.querySelectorAll('article .body')].find((body) =>
		body.getBoundingClientRect().top >= log.getBoundingClientRect().top);
`

// scrollBack scrolls up by some pixels, as a wheel does.
func (b *tab) scrollBack(pixels int) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`document.getElementById('log').scrollTop -= %d`, pixels), nil))
}

const distanceFromTheEnd = `Math.abs(document.getElementById('log').scrollTop)`

func (b *tab) mustBeAtTheEnd(when string) {
	b.t.Helper()
	if away := b.number(distanceFromTheEnd); away > 1 {
		b.t.Errorf("%s, the log is %v px from its end", when, away)
	}
}

func TestReadingBackToTheBeginning(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(180)))
	b.enter("bob", "/")
	b.mustBeAtTheEnd("when the page opens")
	b.run(chromedp.Evaluate(`{`+reads+`
		window.jumps = [];
		let eye, was;
		const look = () => { eye = underTheEye(); was = eye?.getBoundingClientRect().top; };
		new MutationObserver(() => requestAnimationFrame(() => {
			const moved = eye.getBoundingClientRect().top - was;
			if (Math.abs(moved) > 2) jumps.push(eye.innerText + ' by ' + moved);
		})).observe(document.getElementById('messages'), { childList: true });
		window.back = () => { log.scrollTop = 200 - log.scrollHeight; look(); };
	}`, nil))
	for shown := 50; shown < 180; shown = min(shown+50, 180) {
		b.run(chromedp.Evaluate(`back()`, nil))
		next := min(shown+50, 180)
		b.eventually(fmt.Sprintf("%d messages are there", next), fmt.Sprintf(`document.querySelectorAll('#log article').length >= %d`, next))
		b.nextFrame()
	}
	if jumps := b.texts(`jumps`); len(jumps) > 0 {
		t.Errorf("the message in view moved: %q", jumps)
	}
	var want []string
	for i := range 180 {
		want = append(want, fmt.Sprintf("message %d", i+1))
	}
	if got := b.bodies(); !slices.Equal(got, want) {
		t.Errorf("the log shows %q", got)
	}
	if b.is(`document.querySelector('#older, .pill:not([hidden])')`) {
		t.Error("the page still offers older messages, or counts them as new")
	}
}

func TestStayingAtTheNewest(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b, bob := browse(t, s), s.Enter("bob")
	b.enter("ada", "/")
	for i := range 3 {
		s.MustPost(bob, fmt.Sprintf("at the end %d", i))
		b.eventually("the page shows the message", fmt.Sprintf(`document.querySelector('#log article:last-of-type .body').innerText.trim() === 'at the end %d'`, i))
		b.mustBeAtTheEnd("after a new message")
	}
	if b.is(`!document.getElementById('new-messages').hidden || document.querySelector('.left-off')`) {
		t.Error("a message that was read counts as new")
	}
}

func TestNewMessagesWhileReadingBack(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b, bob := browse(t, s), s.Enter("bob")
	b.enter("ada", "/")
	b.scrollBack(500)
	b.run(chromedp.Evaluate(`{`+reads+` window.eye = underTheEye(); window.was = eye.getBoundingClientRect().top; }`, nil))
	for i, said := range []string{"1 new message", "2 new messages", "3 new messages"} {
		s.MustPost(bob, fmt.Sprintf("news %d", i))
		b.eventually("the pill says "+said, fmt.Sprintf(`document.getElementById('new-messages').innerText === '%s'`, said))
	}
	if moved := b.number(`eye.getBoundingClientRect().top - was`); moved > 2 || moved < -2 {
		t.Errorf("the message in view moved by %v px", moved)
	}
	if got := b.text(`document.querySelector('.left-off').nextElementSibling.querySelector('.body').innerText.trim()`); got != "news 0" {
		t.Errorf("the line of unread messages is above %q", got)
	}
	b.click("#new-messages")
	b.eventually("the pill is gone", `document.getElementById('new-messages').hidden`)
	b.mustBeAtTheEnd("after a click on the pill")
	if !b.is(`document.querySelector('.left-off')?.getBoundingClientRect().height > 0 && document.activeElement.id === 'message'`) {
		t.Error("the line of unread messages is gone, or the composer has no focus")
	}
	b.scrollBack(500)
	s.MustPost(bob, "more news")
	b.eventually("the pill counts from one again", `document.getElementById('new-messages').innerText === '1 new message'`)
	b.scrollBack(-500)
	b.eventually("the pill is gone after scrolling down", `document.getElementById('new-messages').hidden`)
	b.scrollBack(500)
	b.send("my own")
	b.eventually("the viewer's own message is in view", `document.querySelector('article:last-of-type:not(.pending) .body').innerText.trim() === 'my own'`)
	b.mustBeAtTheEnd("after sending")
}

// withoutAnchoring makes Chromium's pages like those of a browser without scroll anchoring.
const withoutAnchoring = `{
	const supports = CSS.supports.bind(CSS);
	CSS.supports = (...condition) => condition[0] !== 'overflow-anchor' && supports(...condition);
	const style = new CSSStyleSheet();
	style.replaceSync('* { overflow-anchor: none !important }');
	document.adoptedStyleSheets.push(style);
}`

// TestReadingBackWithoutAnchoring checks that what is read stays at its place when anything below it changes
// its size, also in a browser without scroll anchoring, such as WebKit.
func TestReadingBackWithoutAnchoring(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	s.Join("cleo")
	b := browse(t, s)
	b.beforeScripts(withoutAnchoring)
	b.enter("ada", "/")
	b.scrollBack(500)
	b.nextFrame()
	b.run(chromedp.Evaluate(`{`+reads+` window.eye = underTheEye(); window.was = eye.getBoundingClientRect().top; }`, nil))
	stays := func(when string) {
		b.t.Helper()
		b.nextFrame()
		if moved := b.number(`eye.getBoundingClientRect().top - was`); moved > 1 || moved < -1 {
			b.t.Errorf("%s, the message in view has moved by %v px", when, moved)
		}
	}
	bob, cleo := s.Enter("bob"), s.Enter("cleo")
	for i, shape := range e2etest.Shapes {
		for author, client := range map[string]*http.Client{"bob": bob, "cleo": cleo} {
			said := fmt.Sprintf("%s %d", author, i)
			if status, err := s.Post(client, shape+"\n\n"+said, said); err != nil || status != http.StatusNoContent {
				t.Fatalf("post %q: %d, %v", shape, status, err)
			}
			b.eventually("the message is there", `document.querySelector('article:last-of-type .body').innerText.includes('`+said+`')`)
			stays(fmt.Sprintf("after %.20q of %s", shape, author))
		}
	}
	// The line of unread messages moves down.
	b.click("#new-messages")
	b.scrollBack(700)
	b.nextFrame()
	b.run(chromedp.Evaluate(`{ window.eye = underTheEye(); window.was = eye.getBoundingClientRect().top; }`, nil))
	s.MustPost(bob, "more news")
	b.eventually("the pill counts from one again", `document.getElementById('new-messages').innerText === '1 new message'`)
	stays("after the line of unread messages has moved")
	b.run(chromedp.Evaluate(`document.querySelector('article:last-of-type .body').append(...Array.from({ length: 5 }, () => document.createElement('hr')))`, nil))
	stays("after a message below has grown")
	b.run(chromedp.Evaluate(`{
		const changed = [...document.querySelectorAll('article')].at(-3);
		const other = changed.cloneNode(true);
		other.querySelector('.body').replaceChildren('shorter');
		changed.replaceWith(other);
	}`, nil))
	stays("after a message below was replaced")
}

// TestAwayForLong checks a page that comes back too late for a replay.
func TestAwayForLong(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60), "--limits", "off")
	b := browse(t, s, "WebSocket", "ERR_", "htmx")
	b.enter("ada", "/")
	b.connected()
	b.run(chromedp.Evaluate(`document.querySelector('article').classList.add('of-before')`, nil))
	s.Kill()
	b.eventually("the page says that it reconnects", `document.getElementById('connection').innerText === 'Reconnecting…'`)
	// The site starts on another address, so that the page stays away.
	home := s.URL
	s.URL = "http://" + e2etest.FreeAddress(t)
	s.Start("--limits", "off")
	bob := s.Enter("bob")
	for i := range 210 {
		s.MustPost(bob, fmt.Sprintf("meanwhile %d", i))
	}
	s.Kill()
	s.URL = home
	s.Start("--limits", "off")
	b.eventually("the page has the newest message", `document.querySelector('article:last-of-type .body').innerText.trim() === 'meanwhile 209'`)
	var want []string
	for i := 160; i < 210; i++ {
		want = append(want, fmt.Sprintf("meanwhile %d", i))
	}
	if got := b.bodies(); !slices.Equal(got, want) {
		t.Errorf("the log shows %q", got)
	}
	if b.is(`document.querySelector('.of-before')`) {
		t.Error("old messages are still there, with a gap after them")
	}
	b.eventually("the page has a link to older messages", `document.querySelector('#older')`)
}
