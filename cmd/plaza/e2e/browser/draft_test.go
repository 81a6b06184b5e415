package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const (
	// draftSaved tells whether the server has the text of the composer.
	draftSaved     = `!Object.keys(localStorage).some((key) => key.includes(' draft ')) && document.getElementById('composer').dataset.draft > 0`
	bringsBack     = `document.querySelector('.replaced button')?.checkVisibility()`
	nothingPending = `!document.querySelector('#log .pending')`
)

// TestDraftOnTwoDevices begins a message on a laptop and finishes it on a phone. What the laptop wrote meanwhile can be
// brought back there, and undone. A sent message leaves no draft.
func TestDraftOnTwoDevices(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(3))
	laptop, phone := browse(t, s), browse(t, s)
	laptop.enter("ada", "/")
	laptop.write("ripe")
	laptop.eventually("the draft is saved", draftSaved)
	phone.enter("ada", "/")
	phone.mustHold("ripe")
	phone.write(" figs")
	phone.eventually("the draft is saved", draftSaved)

	laptop.write("r")
	laptop.eventually("what the phone wrote is offered", bringsBack)
	laptop.mustHold("riper")
	laptop.click(".replaced button")
	laptop.eventually("it is back, and offered once", composerText+` === 'ripe figs' && !`+bringsBack)
	laptop.run(chromedp.Evaluate(`document.execCommand('undo')`, nil))
	laptop.mustHold("riper")
	laptop.eventually("the draft is saved", draftSaved)
	laptop.press(enter)
	laptop.eventually("the message is posted", nothingPending+` && document.querySelectorAll('#log article').length === 4`)
	laptop.open("/")
	laptop.mustHold("")
	phone.open("/")
	phone.mustHold("")
}

// TestDraftWhileOffline checks that the browser keeps a draft while the site is away, and saves it afterwards.
func TestDraftWhileOffline(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(3))
	laptop, phone := browse(t, s, siteIsAway...), browse(t, s)
	laptop.enter("ada", "/")
	s.Kill()
	laptop.write("written offline")
	laptop.leave()
	s.Start()
	laptop.open("/")
	laptop.mustHold("written offline")
	laptop.eventually("the draft is saved", draftSaved)
	phone.enter("ada", "/")
	phone.mustHold("written offline")
}

// TestDraftWithoutScripts sees the draft of another device, and brings back what it replaced.
func TestDraftWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(3))
	laptop, phone, old := browse(t, s), browse(t, s), withoutScripts(t, s)
	laptop.enter("ada", "/")
	phone.enter("ada", "/")
	phone.write("figs")
	phone.eventually("the draft is saved", draftSaved)
	laptop.write("bread")
	laptop.eventually("what the phone wrote is offered", bringsBack)
	old.take(s.Session("ada"))
	old.open("/")
	old.mustHold("bread")
	old.click(".replaced button")
	old.arrives("the text is back", `document.getElementById('message').value === 'figs'`)
}

// TestDraftWhileAMessageWaits saves a draft while a message before it waits. The message deletes the draft on the server
// when it arrives, and so the browser keeps the draft until then.
func TestDraftWhileAMessageWaits(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(3))
	b := browse(t, s, "ERR_BLOCKED_BY_CLIENT", "htmx")
	b.enter("ada", "/")
	b.connected()
	block := func(is bool) {
		b.run(network.SetBlockedURLs().WithURLPatterns([]*network.BlockPattern{{URLPattern: "*://*:*/messages", Block: is}}))
	}
	b.run(network.Enable())
	block(true)
	b.send("first")
	b.eventually("the message waits", `document.querySelector('#messages .pending.failed')`)
	b.write("a draft")
	b.eventually("the draft is saved", `document.getElementById('composer').dataset.draft > 0`)
	if !b.is(`Object.entries(localStorage).some(([key, text]) => key.endsWith(' draft 1') && text.endsWith('a draft'))`) {
		t.Error("the browser no longer keeps the draft")
	}
	block(false)
	b.eventually("the message is posted", nothingPending+` && document.querySelectorAll('#log article').length === 4`)
	b.open("/")
	b.mustHold("a draft")
	b.eventually("the draft is saved again", draftSaved)
	b.open("/")
	b.mustHold("a draft")
}
