package browser

import (
	"fmt"
	"regexp"
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

var clockTime = regexp.MustCompile(`^\d\d:\d\d$`)

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
		const link = time.closest('a');
		new MutationObserver(() => {
			const minutes = Math.floor((Date.now() - new Date(time.dateTime)) / 60000);
			said.push({ minutes, shown: time.innerText, heard: link.ariaLabel, title: time.title });
		}).observe(link, { attributeFilter: ['aria-label'] });
	}`, nil))
	b.eventually("what is heard changes by the minute, and is true", "said.some(({ minutes, heard, title }) => minutes > 10 && heard.endsWith(`, ${minutes} minutes ago`) && title.startsWith(`${minutes} minutes ago · `))")
	b.eventually("the time is an hour old", `said.some(({ heard }) => heard.endsWith(', 1 hour ago'))`)
	// Within the hour of this test a day may begin.
	if shown := b.texts(`[...new Set(said.map(({ shown }) => shown.replace('yesterday ', '')))]`); len(shown) != 1 || !clockTime.MatchString(shown[0]) {
		t.Errorf("the time is shown as %q, want the hour and the minute", shown)
	}
	if often := b.number(`said.length - said.at(-1).minutes`); often > 1 {
		t.Errorf("the time changed %v times more often than by the minute", often)
	}
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
			new MutationObserver(() => said.push(...[...document.querySelectorAll('article:not([data-nonce^="past-"]) time')].map((time) => time.title.split(' · ')[0])))
				.observe(document.getElementById('messages'), { childList: true, subtree: true, attributeFilter: ['title'] });
		}`, nil))
		b.send("mine")
		s.MustPost(bob, fmt.Sprint("theirs ", wrong))
		b.eventually("both messages are there", fmt.Sprintf(`((said) => said.includes('mine') && said.includes('theirs %s'))(
			[...document.querySelectorAll('#log article:not(.pending) .body')].map((body) => body.innerText.trim()))`, wrong))
		said := b.texts(`said`)
		if !slices.Contains(said, "just now") {
			t.Errorf("with a clock that is wrong by %v, no message is from just now: %q", wrong, said)
		}
		for _, words := range said {
			if words != "" && words != "just now" && words != "1 minute ago" {
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
	if got := b.texts(`[...document.querySelectorAll('#log time')].map((time) => time.title.split(' · ')[0])`); !slices.Equal(got[1:], want) {
		t.Errorf("in %s the messages are from %q, want %q", zone, got, want)
	}
	shown := b.texts(`[...document.querySelectorAll('#log time')].map((time) => time.innerText)`)
	for i, text := range shown {
		if yesterday := strings.HasPrefix(text, "yesterday "); yesterday != (i > 2) {
			t.Errorf("in %s a message from %v ago has the time %q", zone, ago[i], text)
		}
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

// TestTimeWords checks the words for a time: in the log, in a list, for screen readers and in the title.
func TestTimeWords(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.run(emulation.SetTimezoneOverride("UTC"))
	b.beforeScripts(`Date.now = () => Date.parse('2026-03-05T14:30:00Z')`)
	b.open("/login") // which does not tell the server's time
	const day = 24 * time.Hour
	for _, test := range []struct {
		ago                       time.Duration
		log, heard, list, spelled string
	}{
		{-time.Second, "just now", "just now", "just now", "just now"},
		{59 * time.Second, "just now", "just now", "just now", "just now"},
		{time.Minute, "14:29", "14:29, 1 minute ago", "1m", "1 minute ago"},
		{4*time.Minute + 59*time.Second, "14:25", "14:25, 4 minutes ago", "4m", "4 minutes ago"},
		{59 * time.Minute, "13:31", "13:31, 59 minutes ago", "59m", "59 minutes ago"},
		{3 * time.Hour, "11:30", "11:30, 3 hours ago", "3h", "3 hours ago"},
		{14 * time.Hour, "00:30", "00:30, 14 hours ago", "14h", "14 hours ago"},
		{15 * time.Hour, "yesterday 23:30", "yesterday 23:30", "1d", "yesterday"},
		{2 * day, "3 Mar 14:30", "3 Mar 14:30, 2 days ago", "2d", "2 days ago"},
		{6 * day, "27 Feb 14:30", "27 Feb 14:30, 6 days ago", "6d", "6 days ago"},
		{7 * day, "26 Feb 14:30", "26 Feb 14:30", "26 Feb", ""},
		{365 * day, "5 Mar 2025 14:30", "5 Mar 2025 14:30", "5 Mar 2025", ""},
	} {
		then := time.Date(2026, 3, 5, 14, 30, 0, 0, time.UTC).Add(-test.ago)
		got := b.texts(fmt.Sprintf(`(() => {
			const at = '%s';
			const part = document.createElement('div');
			part.innerHTML = '<a class="when" href="#x"><time datetime="' + at + '"></time></a><a href="#y"><time datetime="' + at + '" data-short></time></a>';
			document.body.append(part);
			document.dispatchEvent(new CustomEvent('plaza:added', { detail: [part] }));
			const [log, list] = part.querySelectorAll('time');
			const words = (hidden) => [...list.querySelectorAll(hidden)].map((part) => part.textContent).join();
			return [log.textContent, log.parentElement.ariaLabel, words('[aria-hidden]') || list.textContent, words('.hidden-visually') || list.title.split(' · ').slice(0, -1).join(), log.title];
		})()`, then.Format(time.RFC3339)))
		exact := then.Format("2 January 2006")
		if want := []string{test.log, test.heard, test.list, test.spelled}; !slices.Equal(got[:4], want) || !strings.Contains(got[4], exact) || !strings.HasPrefix(got[4], test.spelled) {
			t.Errorf("%v ago is %q, want %q and a title with %q", test.ago, got, want, exact)
		}
	}
}

// TestTimesInLists checks that lists say times in few letters, and screen readers in words.
func TestTimesInLists(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada", "bob")
	s.Befriend("bob", "ada")
	s.MustPostTo(s.Pair("ada", "bob"), s.Enter("ada"), "hello")
	b := browse(t, s)
	b.beforeScripts(fastClock)
	for _, page := range []string{"/notifications", "/dm"} {
		b.enter("bob", page)
		b.eventually(page+" has a short time that is heard in words", `(() => {
			const { title, children: [seen, heard] } = document.querySelector('main time');
			const [minutes] = seen.textContent.match(/^\d+(?=m$)/);
			return minutes > 1 && seen.ariaHidden === 'true' && heard.textContent === minutes + ' minutes ago' && title.startsWith(heard.textContent);
		})()`)
	}
}
