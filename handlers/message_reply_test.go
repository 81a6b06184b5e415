package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// reply posts an answer to a message of the public chat, as htmx does.
func (b *browser) reply(to int, body, nonce string) *answer {
	b.t.Helper()
	form := url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}, "reply_to": {fmt.Sprint(to)}}
	return b.post("/messages", form, "HX-Request", "true")
}

// TestReplies posts a reply. Open pages show it with its quote, and with what the quote says after each change.
func TestReplies(t *testing.T) {
	t.Parallel()
	s := open(t)
	replyOnPages(t, s.member("ada"), s.member("bob"))
}

// TestServersShowReplies does the same with the reader's page on another server.
func TestServersShowReplies(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	replyOnPages(t, s.at[0].member("ada"), s.at[1].member("bob"))
}

func replyOnPages(t *testing.T, ada, bob *browser) {
	t.Helper()
	ada.message("a **fig**", "one").expect(http.StatusNoContent)
	bob.message("something else", "two").expect(http.StatusNoContent)
	his := bob.connect("/ws?room=1&after=2")
	bob.reply(1, "two figs", "three").expect(http.StatusNoContent)
	eventually(t, "his page shows the reply and its quote", func() bool {
		quote := his.document().Find(`article[data-thread="1"][data-replies="1"] a.quote[data-quotes="1"][data-version="1"]`)
		return quote.AttrOr("href", "") == "/?at=1#m-1-1" && quote.Find(".quote-text").Text() == "a fig" && quote.Find(".quote-author").Text() == "ada"
	})
	quoted := func(page *answer) string { return page.document().Find(`#m-1-3 .quote-text`).Text() }
	if page := bob.get("/"); quoted(page) != "a fig" || page.text("#m-1-1 .replies") != "1 reply" {
		t.Errorf("a new page shows %s", page.text("#messages"))
	}
	ada.post("/messages/1/1/edit", edit("an *olive*", "0"), "HX-Request", "true").expect(http.StatusNoContent)
	eventually(t, "his page learns how the message begins now", func() bool {
		return his.document().Find(`article[data-seq="1"][data-version="4"][data-excerpt="an olive"]`).Length() == 1
	})
	if page := bob.get("/"); quoted(page) != "an olive" {
		t.Errorf("after the edit a new page quotes %q", quoted(page))
	}
	ada.post("/messages/1/1/delete", nil, "HX-Request", "true").expect(http.StatusOK)
	for _, after := range []string{"0", "1", "2", "3", "4"} {
		late := bob.connect("/ws?room=1&after=" + after)
		eventually(t, "a reader who returns sees that it was deleted", func() bool { return late.document().Find("article.deleted").Length() == 1 })
		if text := late.text(); strings.Contains(text, "fig</span>") || strings.Contains(text, "a fig") || strings.Contains(text, "olive") {
			t.Errorf("a reader at version %s is told %s", after, text)
		}
	}
	if page := bob.get("/"); quoted(page) != "Message deleted" {
		t.Errorf("after the deletion a new page quotes %q", quoted(page))
	}
	bob.reply(1, "too late", "four").expect(http.StatusConflict)
	ada.post("/messages/1/1/restore", nil, "HX-Request", "true").expect(http.StatusNoContent)
	if page := bob.get("/"); quoted(page) != "an olive" {
		t.Errorf("after the restoration a new page quotes %q", quoted(page))
	}
}

// TestThread shows a message with all that answers it, whichever of them is asked for, and answers without JavaScript.
func TestThread(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("a fig", "one").expect(http.StatusNoContent)
	bob.message("something else", "two").expect(http.StatusNoContent)
	bob.reply(1, "two figs", "three").expect(http.StatusNoContent)
	page := ada.get("/messages/1/3").expect(http.StatusOK)
	if got := page.document().Find("#composer [name=reply_to]").AttrOr("value", ""); got != "3" {
		t.Errorf("the page of message 3 answers %q", got)
	}
	form := url.Values{"room": {"1"}, "body": {"three figs"}, "nonce": {"four"}, "reply_to": {"3"}}
	ada.post("/messages", form).expect(http.StatusSeeOther).expectHeader("Location", "/")
	for _, seq := range []int{1, 3, 4} {
		page := bob.get(fmt.Sprintf("/messages/1/%d", seq)).expect(http.StatusOK)
		if got := page.document().Find("#messages article").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("data-seq", "") }); strings.Join(got, " ") != "1 3 4" {
			t.Errorf("the thread of message %d has %v", seq, got)
		}
		if page.document().Find(`#stream[data-hx-ws\:connect*="room=1&after=4"]`).Length() != 1 {
			t.Errorf("the thread of message %d has no live stream", seq)
		}
	}
	if page := bob.get("/messages/1/2").expect(http.StatusOK); page.document().Find("#messages article").Length() != 1 {
		t.Errorf("the thread of a message without replies has %s", page.text("#messages"))
	}
	for i := range 60 {
		bob.reply(3+i%2, fmt.Sprint("reply ", i), fmt.Sprint("more ", i)).expect(http.StatusNoContent)
	}
	page = bob.get("/messages/1/1")
	older := page.document().Find("#messages #older")
	if page.document().Find("#messages article").Length() != 50 || older.Length() != 1 {
		t.Fatalf("a long thread begins with %d messages", page.document().Find("#messages article").Length())
	}
	rest := bob.get(older.AttrOr("data-hx-get", ""), "HX-Request", "true").expect(http.StatusOK)
	if first := rest.document().Find("article").First(); first.AttrOr("data-seq", "") != "1" || rest.document().Find("article").Length() != 13 {
		t.Errorf("the older part is %s", rest.body)
	}
	if alone := bob.get(older.AttrOr("href", "")).expect(http.StatusOK); alone.document().Find("#messages article").Length() != 13 {
		t.Errorf("the page of the older part is %s", alone.body)
	}
	s.browse().get("/messages/1/1").expect(http.StatusSeeOther)
}

// TestRepliesThatAreRefused checks what is answered where there is nothing to answer. The text is kept.
func TestRepliesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("a fig", "one").expect(http.StatusNoContent)
	for i, to := range []string{"2", "-1", "x", "99999999999999999999"} {
		form := url.Values{"room": {"1"}, "body": {"to nobody"}, "nonce": {fmt.Sprint("nonce ", i)}, "reply_to": {to}}
		page := bob.post("/messages", form).expect(http.StatusUnprocessableEntity)
		if page.text("#message") != "to nobody" || !strings.Contains(page.text("#composer-error"), "no such message") {
			t.Errorf("a reply to %s is answered with %s", to, page.text("#composer"))
		}
		if page.document().Find("#composer [name=reply_to]").AttrOr("value", "") != "" {
			t.Errorf("the text would again be a reply to %s", to)
		}
	}
	kept := bob.post("/messages", url.Values{"room": {"1"}, "body": {" "}, "nonce": {"blank"}, "reply_to": {"1"}}).expect(http.StatusUnprocessableEntity)
	if kept.document().Find("#composer [name=reply_to]").AttrOr("value", "") != "1" || kept.text("#reply-words .quote-text") != "a fig" {
		t.Errorf("the composer no longer answers the message: %s", kept.text("#composer"))
	}
	if got := s.posted(); len(got) != 1 {
		t.Errorf("the log has %q", got)
	}
}
