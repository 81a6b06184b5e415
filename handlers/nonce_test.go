package handlers_test

import (
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"plaza/store"
)

// posted are the texts in the log.
func (s *site) posted() []string {
	s.t.Helper()
	messages, err := s.store.Changes(s.t.Context(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		s.t.Fatal(err)
	}
	var texts []string
	for _, message := range messages {
		texts = append(texts, message.Source)
	}
	return texts
}

// Two tabs that post the same at the same moment under one nonce both hear that it is posted,
// and it is, once.
func TestTwoTabsWithOneNonce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	var posting sync.WaitGroup
	for range 8 {
		posting.Go(func() {
			if answer := ada.message("hello", "one"); answer.StatusCode != http.StatusNoContent {
				t.Errorf("a tab is answered with %d", answer.StatusCode)
			}
		})
	}
	posting.Wait()
	if texts := s.posted(); len(texts) != 1 {
		t.Errorf("the log has %q", texts)
	}
}

// Under a nonce that stands for another text already, the first stands; the answer says so,
// and gives the new text back to be sent as a message of its own.
func TestSameNonceWithAnotherText(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("first", "one").expect(http.StatusNoContent)
	refused := ada.message("second", "one").expect(http.StatusConflict)
	if !strings.Contains(refused.body, "the first one stands") {
		t.Errorf("the answer says %q", refused.body)
	}
	page := ada.post("/messages", url.Values{"room": {"1"}, "body": {"second"}, "nonce": {"one"}}).expect(http.StatusConflict)
	if kept := page.text("#message"); kept != "second" {
		t.Errorf("the composer has %q", kept)
	}
	nonce := page.document().Find("#composer [name=nonce]").AttrOr("value", "")
	if nonce == "one" || nonce == "" {
		t.Errorf("it would be sent again under the nonce %q", nonce)
	}
	ada.message("second", nonce).expect(http.StatusNoContent)
	bob.message("another's", "one").expect(http.StatusNoContent) // nonces are their author's own
	if got := strings.Join(s.posted(), ", "); got != "first, second, another's" {
		t.Errorf("the log has %s", got)
	}
}
