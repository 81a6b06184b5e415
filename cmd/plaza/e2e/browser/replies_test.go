package browser

import (
	"net/http"
	"net/url"
	"testing"
)

// textIs is the condition that a message has a text.
func textIs(seq, text string) string {
	return `document.querySelector('#m-1-` + seq + ` .body')?.innerText.trim() === '` + text + `'`
}

// quotes is the condition that a message quotes a text.
func quotes(seq, text string) string {
	return `document.querySelector('#m-1-` + seq + ` .quote-text')?.innerText === '` + text + `'`
}

// answers is the condition that the composer says which message it answers.
func answers(seq, text string) string {
	return `document.querySelector('#reply-words .quote-author').innerText === document.querySelector('#m-1-` + seq + ` .author').innerText && document.querySelector('#reply-words .quote-text').innerText === '` + text + `'`
}

// repliesTo chooses a message by its menu, for the composer to answer.
func (b *tab) repliesTo(seq string) {
	b.t.Helper()
	b.eventually("the message is there", `document.querySelector('#m-1-`+seq+` .message-actions')`)
	b.click("#m-1-" + seq + " .message-actions")
	b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	b.click(`#message-menu [data-does="reply"]`)
	b.eventually("the composer answers it, and has the focus", `document.querySelector('#composer').reply_to.value === '`+seq+`' && document.activeElement.id === 'message'`)
}

// TestReplyByTheMenu answers a message. Its quote leads to it and changes with it, on all open pages.
func TestReplyByTheMenu(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	bob.repliesTo("1")
	bob.eventually("the composer says what it answers", answers("1", "a fig")+` && document.querySelector('#reply').checkVisibility()`)
	bob.press(escape)
	bob.eventually("Escape takes that back, and leaves the field alone", `!document.querySelector('#reply').checkVisibility() && !document.querySelector('#composer').reply_to.value && document.activeElement.id === 'message'`)
	bob.repliesTo("1")
	bob.typeIn("two figs")
	bob.press(enter)
	for name, b := range map[string]*tab{"ada": ada, "bob": bob} {
		b.eventually(name+" sees the reply, its quote and its number", textIs("4", "two figs")+` && `+quotes("4", "a fig")+` && document.querySelector('#m-1-1 .replies')?.innerText === '1 reply'`)
	}
	bob.eventually("the next message answers none", `!document.querySelector('#composer').reply_to.value && !document.querySelector('#reply').checkVisibility()`)
	bob.typeIn("no fig")
	bob.press(enter)
	ada.eventually("it is no reply", textIs("5", "no fig")+` && !document.querySelector('#m-1-5 .quote')`)

	ada.opensForm()
	ada.eventually("the form is there", `document.activeElement.matches('#m-1-1 .edit textarea')`)
	ada.typeIn(" and **honey**")
	ada.press(enter)
	bob.eventually("the quote changes with the message", quotes("4", "a fig and honey"))
	bob.click("#m-1-4 .quote")
	bob.eventually("the quote leads to the message", `document.querySelector('#m-1-1').matches(':target')`)

	ada.click("#m-1-1 .message-actions")
	ada.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
	ada.click(`#message-menu [data-does="delete"]`)
	bob.eventually("the quote goes with the message, whose replies stay", quotes("4", "Message deleted")+` && document.querySelector('#m-1-1.deleted .replies')?.innerText === '1 reply'`)
}

// TestThreadIsLive shows a thread. What answers it arrives, and nothing else does.
func TestThreadIsLive(t *testing.T) {
	t.Parallel()
	ada, bob := hasMessages(t)
	bob.repliesTo("1")
	bob.typeIn("two figs")
	bob.press(enter)
	ada.eventually("ada sees the reply", textIs("4", "two figs"))
	ada.click("#m-1-1 .replies")
	shows := func(what, seqs string) {
		t.Helper()
		ada.eventually(what, `[...document.querySelectorAll('main.thread #messages article:not(.pending)')].map((a) => a.dataset.seq).join() === '`+seqs+`'`)
	}
	shows("the thread has the message and its reply", "1,4")
	ada.connected()
	bob.eventually("bob sees it too", textIs("4", "two figs"))
	bob.typeIn("aside")
	bob.press(enter)
	bob.eventually("bob has posted something else", textIs("5", "aside"))
	bob.repliesTo("4")
	bob.typeIn("three figs")
	bob.press(enter)
	shows("the reply to the reply arrives", "1,4,6")
	form := url.Values{"body": {"a ripe fig"}, "version": {"0"}}
	if status, _, err := ada.site.Send(ada.site.Enter("ada"), "/messages/1/1/edit", form); err != nil || status != http.StatusNoContent {
		t.Fatalf("edit: %d, %v", status, err)
	}
	ada.eventually("the quote above the answer changes with the message", answers("1", "a ripe fig"))
	ada.click("#message")
	ada.typeIn("a thread of figs")
	ada.press(enter)
	bob.eventually("what ada writes there answers the message", textIs("8", "a thread of figs")+` && `+quotes("8", "a ripe fig")+` && document.querySelector('#m-1-1 .replies').innerText === '3 replies'`)
	ada.repliesTo("6")
	ada.press(escape)
	ada.eventually("Escape goes back to the message of the page", `document.querySelector('#composer').reply_to.value === '1' && `+answers("1", "a ripe fig"))
}
