package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// fastClock makes a page's intervals run 400 times as fast, and its clock once the page is there. A clock that
// is wrong by then counts as wrong.
const fastClock = `{
	const SPEED = 400;
	const now = Date.now.bind(Date);
	let began;
	addEventListener('load', () => { began = now(); });
	Date.now = () => began ? began + (now() - began) * SPEED : now();
	const every = window.setInterval.bind(window);
	window.setInterval = (run, delay) => every(run, delay / SPEED);
}`

func TestTimesStayTrue(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	b := browse(t, s)
	b.beforeScripts(fastClock)
	b.join("ada")
	b.send("now")
	b.eventually("the message is there", `document.querySelector('#log article:not(.pending)')`)
	b.run(chromedp.Evaluate(`{
		window.added = 0;
		new MutationObserver((changes) => {
			for (const change of changes) added += change.addedNodes.length;
		}).observe(document.getElementById('log'), { childList: true, subtree: true });
		window.said = [];
		const time = document.querySelector('#log time');
		new MutationObserver(() => {
			const minutes = Math.floor((Date.now() - new Date(time.dateTime)) / 60000);
			said.push({ minutes, words: time.innerText });
		}).observe(time, { characterData: true, childList: true, subtree: true });
	}`, nil))
	b.eventually("the time changes by the minute, and is true", "said.some(({ minutes, words }) => minutes > 10 && words === `${minutes} minutes ago`)")
	b.eventually("the time says one hour", `said.some(({ words }) => words === '1 hour ago')`)
	if added := b.number(`added`); added > 0 {
		t.Errorf("the log had %v additions, which screen readers read out, want none", added)
	}
}

// TestWrongClocks checks that a new message is new for readers whose clock is wrong.
func TestWrongClocks(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(4))
	bob := s.Enter("bob")
	for _, wrong := range []time.Duration{time.Hour, -time.Hour, 10 * time.Minute, 40 * 24 * time.Hour} {
		b := browse(t, s)
		b.beforeScripts(fmt.Sprintf(`{
			const now = Date.now.bind(Date);
			Date.now = () => now() + %d;
		}`, wrong.Milliseconds()))
		b.enter("ada", "/")
		// A pending copy has the time too.
		b.run(chromedp.Evaluate(`{
			window.said = [];
			new MutationObserver(() => said.push(...[...document.querySelectorAll('article:not([data-nonce^="past-"]) time')].map((time) => time.innerText)))
				.observe(document.getElementById('messages'), { childList: true, subtree: true });
		}`, nil))
		b.send("mine")
		s.MustPost(bob, fmt.Sprint("theirs ", wrong))
		b.eventually("both messages are there", fmt.Sprintf(`document.querySelector('#log article:last-of-type .body').innerText.trim() === 'theirs %s'`, wrong))
		said := b.texts(`said`)
		if !slices.Contains(said, "just now") {
			t.Errorf("with a clock that is wrong by %v, no message is from just now: %q", wrong, said)
		}
		for _, words := range said {
			if words != "" && words != "just now" && !strings.HasSuffix(words, "seconds ago") && words != "1 minute ago" {
				t.Errorf("with a clock that is wrong by %v, a new message is from %q", wrong, words)
			}
		}
	}
}

// TestYesterday checks that days begin at the reader's midnight. The reader's clock says half an hour past midnight, or so.
func TestYesterday(t *testing.T) {
	t.Parallel()
	ago := []time.Duration{8 * 24 * time.Hour, 50 * time.Hour, 26 * time.Hour, 20 * time.Hour, 3 * time.Hour, 90 * time.Minute}
	now := time.Now()
	var history []e2etest.Message
	for _, duration := range ago {
		history = append(history, e2etest.Said(now.Add(-duration), "ada", duration.String()))
	}
	zone := fmt.Sprintf("Etc/GMT+%d", now.UTC().Hour())
	if hour := now.UTC().Hour(); hour > 12 {
		zone = fmt.Sprintf("Etc/GMT-%d", 24-hour)
	}
	b := browse(t, e2etest.OpenAfter(t, history))
	b.run(emulation.SetTimezoneOverride(zone))
	b.enter("ada", "/")
	want := []string{"3 days ago", "2 days ago", "yesterday", "3 hours ago", "1 hour ago"}
	if got := b.texts(`[...document.querySelectorAll('#log time')].map((time) => time.innerText)`); !slices.Equal(got[1:], want) {
		t.Errorf("in %s the messages are from %q, want %q", zone, got, want)
	}
}

// TestExactTime checks that the pointer and the keyboard can show the exact time.
func TestExactTime(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(1)))
	b.enter("ada", "/")
	title := b.text(`document.querySelector('#log time').title`)
	if day := e2etest.Yesterday(12, 0).Format("2 January 2006"); !strings.Contains(title, day) || !strings.Contains(title, ":00") {
		t.Errorf("the title is %q, want the time on %s", title, day)
	}
	b.run(chromedp.Focus("#log", chromedp.ByQuery))
	b.tabTo(`#log .when`)
	if got := b.text(`getComputedStyle(document.querySelector('#log time'), '::after').content`); !strings.Contains(got, title) {
		t.Errorf("with the focus, the time says %q, want %q", got, title)
	}
}
