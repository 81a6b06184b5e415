package browser

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

var burst = proof.Times(250, 500)

// postBurst makes people post burst messages, side by side. Each posts the next when the last is
// confirmed.
func postBurst(s *e2etest.Site, people []*http.Client, topic string) {
	s.T.Helper()
	var posting sync.WaitGroup
	for i, person := range people {
		posting.Go(func() {
			for n := i; n < burst; n += len(people) {
				body := fmt.Sprintf("%s %d", topic, n)
				if status, err := s.Post(person, body, body); err != nil || status != http.StatusNoContent {
					s.T.Errorf("post %q: %d, %v", body, status, err)
				}
			}
		})
	}
	posting.Wait()
}

// TestBurstInAnOpenPage sends five hundred messages at once to a page that is scrolled back. The page must
// lose none, and the viewer must be able to scroll without losing the place.
func TestBurstInAnOpenPage(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60), "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	b := browse(t, s)
	b.enter("ada", "/")
	b.scrollBack(700)
	b.run(chromedp.Evaluate(`{`+reads+`
		window.eye = underTheEye();
		window.was = eye.getBoundingClientRect().top;
		window.scrolled = 0;
		log.addEventListener('scroll', () => { scrolled += 1; });
	}`, nil))
	postBurst(s, people, "burst")
	b.scrollBack(300)
	b.eventually("the page scrolls", `scrolled > 0`)
	b.eventually("the page has all messages", fmt.Sprintf(`document.querySelectorAll('#log article').length >= %d`, 50+burst))
	shown := b.bodies()
	logged := s.Messages()
	var want []string
	for _, message := range logged[len(logged)-burst:] {
		want = append(want, message.Source)
	}
	if got := shown[len(shown)-burst:]; !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
	if moved := b.number(`eye.getBoundingClientRect().top - was`); moved < 298 || moved > 302 {
		t.Errorf("the message in view moved by %v px, want the 300 of the scrolling", moved)
	}
	if said := b.text(`document.getElementById('new-messages').innerText`); said != fmt.Sprint(burst, " new messages") {
		t.Errorf("the pill says %q", said)
	}
	b.click("#new-messages")
	b.eventually("the log is at its end", distanceFromTheEnd+` <= 1`)
	s.MustPost(people[0], "one more")
	b.eventually("the page has dropped the oldest messages", fmt.Sprintf(`%s === %d`, articles, kept))
}

// kept is the number of messages that stay on a page that is at its end.
const (
	kept     = 200
	articles = `document.querySelectorAll('#log article').length`
)

// hasVersion waits until a page shows a version of its room.
func (b *tab) hasVersion(version int) {
	b.t.Helper()
	b.eventually(fmt.Sprint("the page has version ", version), fmt.Sprintf(`document.getElementById('log').dataset.version === '%d'`, version))
}

// mustReadBack scrolls back to the beginning, and checks that the log has each message once, and the
// beginning of each day. The page drops the newest messages meanwhile.
func (b *tab) mustReadBack(count int) {
	b.t.Helper()
	b.run(chromedp.Evaluate(`
		window.read = new Set();
		window.isOnce = true;
		window.keepRead = () => {
			const seqs = [...document.querySelectorAll('#log article')].map(({ dataset }) => Number(dataset.seq));
			isOnce &&= seqs.every((seq, i) => i === 0 || seq === seqs[i - 1] + 1);
			seqs.forEach((seq) => read.add(seq));
		};
		keepRead();
		new MutationObserver(keepRead).observe(document.getElementById('messages'), { childList: true });
	`, nil))
	b.eventually("the log is at its beginning", `(() => {
		const log = document.getElementById('log');
		log.scrollTop = -log.scrollHeight;
		return !document.getElementById('older');
	})()`)
	b.nextFrame()
	if got := b.number(`read.size`); got != float64(count) || !b.is(`isOnce && read.has(1) && read.has(`+fmt.Sprint(count)+`)`) {
		b.t.Errorf("the log has %v messages, want 1 to %d, each once and in order", got, count)
	}
	if !b.is(`(() => {
		const day = (article) => new Date(article.querySelector('time').dateTime).toDateString();
		return [...document.querySelectorAll('#log article')].every((article, i, all) =>
			Boolean(article.dataset.dayStart) === (i === 0 || day(all[i - 1]) !== day(article)));
	})()`) {
		b.t.Error("the beginnings of days are wrong")
	}
}

// TestBurstAtTheEnd checks that a page at its end drops old messages, and that the viewer can scroll back
// to them.
func TestBurstAtTheEnd(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t, "--limits", "off") // without older messages, the page has no link to them yet
	people := s.Newcomers(e2etest.Names("author", 4)...)
	b := browse(t, s)
	b.join("ada")
	b.run(chromedp.Evaluate(`
		window.shown = [];
		document.getElementById('stream').addEventListener('htmx:before:swap', () => { shown.push(performance.now()); });
	`, nil))
	postBurst(s, people, "burst")
	b.hasVersion(burst)
	b.mustBeAtTheEnd("after the burst")
	if got := b.number(articles); got != kept {
		t.Errorf("the page has %v messages, want the newest %d", got, kept)
	}
	if got, want := b.text(`document.getElementById('older').getAttribute('href')`), fmt.Sprint("/?before=", burst-kept+1); got != want {
		t.Errorf("the link to older messages leads to %s, want %s", got, want)
	}
	if !b.is(`document.querySelector('#log article').dataset.dayStart`) {
		t.Error("the first message has no date above it")
	}
	if b.is(`shown.some((at, i) => at - shown[i - 1] < 90)`) {
		t.Errorf("the page changed too often, at %s ms", b.text(`shown.map(Math.round).join()`))
	}
	if b.is(`document.querySelector('.left-off, .pill:not([hidden])')`) {
		t.Error("a message that was read counts as new")
	}
	b.mustReadBack(burst)
}

// TestBurstWhileAway checks that the page of a hidden tab drops old messages too, and still has the line
// above the first unread one.
func TestBurstWhileAway(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(20), "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`
		window.hide = (hidden) => {
			Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
			document.dispatchEvent(new Event('visibilitychange'));
		};
		hide(true);
	`, nil))
	postBurst(s, people, "burst")
	b.hasVersion(20 + burst)
	if got := b.number(articles); got != kept {
		t.Errorf("the page has %v messages, want the newest %d", got, kept)
	}
	b.run(chromedp.Evaluate(`hide(false)`, nil))
	b.mustReadBack(20 + burst)
	if got := b.text(`document.querySelector('.left-off').nextElementSibling.dataset.seq`); got != "21" {
		t.Errorf("the line of unread messages is above message %s, want 21", got)
	}
}

// TestBurstWhileOlderMessagesCome checks that the page has no gap if it should drop messages while older
// ones are loading.
func TestBurstWhileOlderMessagesCome(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(180), "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	b := browse(t, s)
	b.beforeScripts(`
		const really = window.fetch;
		window.held = [];
		window.fetch = async (address, ...more) => {
			if (String(address).includes('before=')) await new Promise((go) => held.push(go));
			return really.call(window, address, ...more);
		};
	`)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`{`+reads+` log.scrollTop = -log.scrollHeight; }`, nil))
	b.eventually("the page asks for older messages", `held.length === 1`)
	b.run(chromedp.Evaluate(`{`+reads+` log.scrollTop = 0; }`, nil))
	postBurst(s, people, "burst")
	b.hasVersion(180 + burst)
	b.run(chromedp.Evaluate(`held.forEach((go) => go()); window.fetch = really`, nil))
	b.eventually("the older messages are there", fmt.Sprintf(`%s === %d`, articles, 50+50+burst))
	s.MustPost(people[0], "one more")
	b.eventually("the page has dropped the oldest messages", fmt.Sprintf(`%s === %d`, articles, kept))
	b.mustReadBack(180 + burst + 1)
}

// TestBurstSparesTheFocus checks that the page does not drop the message with the focus, nor any after it.
func TestBurstSparesTheFocus(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60), "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`document.querySelector('article[data-seq="15"] .when').focus({ preventScroll: true })`, nil))
	postBurst(s, people, "burst")
	b.hasVersion(60 + burst)
	if !b.is(`document.activeElement.closest('article')?.dataset.seq === '15'`) {
		t.Errorf("the focus is on %s", b.text(focused))
	}
	if got := b.number(`Number(document.querySelector('#log article').dataset.seq)`); got != 15 {
		t.Errorf("the page begins with message %v, want 15", got)
	}
	b.run(chromedp.Focus("#message", chromedp.ByQuery))
	s.MustPost(people[0], "one more")
	b.eventually("the page has dropped the oldest messages", fmt.Sprintf(`%s === %d`, articles, kept))
	b.mustReadBack(60 + burst + 1)
}

// BenchmarkBurst measures how long five hundred messages at once keep the page's main thread busy.
func BenchmarkBurst(b *testing.B) {
	s := e2etest.Open(b, "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 8)...)
	page := browse(b, s)
	page.join("ada")
	page.run(performance.Enable())
	busy, bursts := 0.0, 0
	for b.Loop() {
		bursts++
		before := page.busy()
		postBurst(s, people, fmt.Sprint("burst ", bursts))
		page.hasVersion(bursts * burst)
		page.nextFrame()
		busy += page.busy() - before
	}
	b.ReportMetric(1000*busy/float64(bursts), "ms-busy/burst")
	b.ReportMetric(0, "ns/op") // it would include the posting
}

// busy returns the processor time of the page's main thread, in seconds.
func (b *tab) busy() float64 {
	b.t.Helper()
	var seconds float64
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		metrics, err := performance.GetMetrics().Do(ctx)
		for _, metric := range metrics {
			if metric.Name == "ThreadTime" {
				seconds = metric.Value
			}
		}
		return err
	}))
	return seconds
}
