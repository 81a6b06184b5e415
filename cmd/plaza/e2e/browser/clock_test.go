package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// fastClock makes a page's clock and its intervals run 400 times as fast.
const fastClock = `{
	const SPEED = 400;
	const now = Date.now.bind(Date);
	const began = now();
	Date.now = () => began + (now() - began) * SPEED;
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
