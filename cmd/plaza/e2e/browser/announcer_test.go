package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// noteAnnouncements has the page note what screen readers read out.
const noteAnnouncements = `{
	window.said = [];
	const announcer = document.getElementById('announcer');
	new MutationObserver(() => said.push([...announcer.children].map((line) => line.textContent).join(' | '))).observe(announcer, { childList: true });
}`

// TestMessagesAreAnnounced checks what screen readers read out of new messages: the author and the text, and
// only the last of many. They read out nothing of the viewer's own messages, of people that the viewer has
// blocked, or in a hidden tab.
func TestMessagesAreAnnounced(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(5), "--limits", "off")
	s.Join("cleo")
	bob, cleo := s.Enter("bob"), s.Enter("cleo")
	s.Fill(s.Enter("ada"), "/blocks/cleo", nil)
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(noteAnnouncements, nil))
	b.send("my own")
	s.MustPost(cleo, "blocked")
	if status, err := s.Post(bob, "The **figs** are ripe\n\n```go\nfigs()\n```", "figs"); err != nil || status != http.StatusNoContent {
		t.Fatalf("post: %d, %v", status, err)
	}
	b.eventually("the message is read out", `said.join() === 'bob: The figs are ripe figs()'`)

	b.run(chromedp.Evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true })`, nil))
	s.MustPost(bob, "unseen")
	b.eventually("the hidden page has the message", `document.querySelector('article:last-of-type .body').innerText.trim() === 'unseen'`)
	b.nextFrame() // the script that would say it comes by a promise
	b.run(chromedp.Evaluate(`delete document.hidden`, nil))

	// The frames of the stream may come apart, and the page must still take the messages for one burst.
	b.run(chromedp.Evaluate(`document.dispatchEvent(new CustomEvent('plaza:new', { detail: [...document.querySelectorAll('article[data-author="bob"]')].slice(-1) }))`, nil))
	for i := range 4 {
		s.MustPost(bob, fmt.Sprint("burst ", i))
	}
	b.eventually("the burst is read out", `said.length > 1`)
	if got := b.text(`said[1]`); got != "5 new messages, the last from bob: burst 3" {
		t.Errorf("after a burst, screen readers read out %q", got)
	}
	long := "A message that is as long as a story. "
	s.MustPost(bob, long+long+long+long+long)
	b.eventually("the beginning of a long message is read out", `said.length === 3 && said[2].length < 160 && said[2].endsWith('…')`)
}

// TestAnnouncementsTurnedOff turns off announcements, without scripts.
func TestAnnouncementsTurnedOff(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(5))
	form := withoutScripts(t, s)
	form.take(s.Session("ada"))
	form.open("/settings/notifications")
	if !form.is(`document.getElementById('announces').checked`) {
		t.Error("announcements are off at first")
	}
	form.click("#announces")
	form.click("main .primary")
	form.arrives("the page says that it is saved", `document.querySelector('.saved') && !document.getElementById('announces').checked`)

	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(noteAnnouncements, nil))
	s.MustPost(s.Enter("bob"), "quiet")
	b.eventually("the message is there", `document.querySelector('article:last-of-type .body').innerText.trim() === 'quiet'`)
	if got := b.number(loaded); got != 0 {
		t.Errorf("the page loads %v scripts to read out messages", got)
	}
	s.Fill(s.Enter("ada"), "/settings/notifications", url.Values{"announces": {"on"}})
	b.open("/")
	b.connected()
	b.run(chromedp.Evaluate(noteAnnouncements, nil))
	s.MustPost(s.Enter("bob"), "aloud")
	b.eventually("the message is read out", `said.join() === 'bob: aloud'`)
}
