package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestTwoPeopleTalk(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := browse(t, s), browse(t, s)
	ada.join("ada")
	bob.join("bob")
	ada.eventually("both are online", `document.getElementById('online').textContent === '2 online'`)
	ada.send("Hello **Bob**")
	bob.eventually("Bob sees it", `document.querySelector('article[data-author="ada"] .body strong')`)
	bob.send("Hello @ada!")
	ada.eventually("Ada sees the answer", `document.querySelector('article[data-author="bob"] a.mention[href="/u/ada"]')`)
	for _, b := range []*tab{ada, bob} {
		b.eventually("nothing is pending", `!document.querySelector('#messages .pending')`)
		if got := b.bodies(); !slices.Equal(got, []string{"Hello Bob", "Hello @ada!"}) {
			t.Errorf("the log shows %q", got)
		}
		if !b.is(`document.getElementById('message').value === ''`) {
			t.Error("the composer still holds the message")
		}
	}
	if !ada.is(`document.querySelector('article .when time').textContent === 'just now'`) {
		t.Error("the time is not relative")
	}
	if !ada.is(`getComputedStyle(document.querySelector('article[data-author="bob"]')).getPropertyValue('--message-tint')`) {
		t.Error("a message that mentions the viewer is not highlighted")
	}
}

func TestKilledUnderAnOpenPage(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada := browse(t, s, "WebSocket", "ERR_", "Failed to load resource", "htmx")
	bob := browse(t, s, "WebSocket", "ERR_", "Failed to load resource", "htmx")
	ada.join("ada")
	bob.join("bob")
	ada.send("before")
	bob.eventually("the first message is there", `document.querySelectorAll('#log article').length === 1`)
	ada.write("typed in between")
	s.Kill()
	ada.eventually("the page says that it reconnects", `document.getElementById('connection').textContent === 'Reconnecting…'`)
	ada.send("")
	ada.eventually("the message is pending", `document.querySelector('#messages .pending .body')?.textContent === 'typed in between'`)
	ada.send("and another")
	ada.eventually("both are pending", `document.querySelectorAll('#messages .pending').length === 2`)
	s.Start()
	for _, b := range []*tab{ada, bob} {
		b.eventually("all messages are there", `document.querySelectorAll('#log article:not(.pending)').length === 3`)
		b.eventually("nothing is pending", `!document.querySelector('#messages .pending')`)
		if got := b.bodies(); !slices.Equal(got, []string{"before", "typed in between", "and another"}) {
			t.Errorf("the log shows %q", got)
		}
		b.eventually("the notice is gone", `document.getElementById('connection').textContent === ''`)
	}
	bob.run(chromedp.Reload())
	if got := bob.bodies(); len(got) != 3 {
		t.Errorf("after a reload the log shows %q", got)
	}
}

func TestDraftAndPendingSurviveAReload(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada := browse(t, s, "WebSocket", "ERR_", "Failed to load resource", "htmx")
	ada.join("ada")
	ada.write("a draft")
	ada.run(chromedp.Reload(), chromedp.WaitReady("#message", chromedp.ByQuery))
	ada.eventually("the draft is there", `document.getElementById('message').value === 'a draft'`)
	ada.send("")
	ada.eventually("the message is posted", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
	ada.run(chromedp.Reload(), chromedp.WaitReady("#message", chromedp.ByQuery))
	if !ada.is(`document.getElementById('message').value === '' && !document.querySelector('#messages .pending')`) {
		t.Error("the posted message is still a draft or pending")
	}
}
