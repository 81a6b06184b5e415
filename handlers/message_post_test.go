package handlers_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// posted returns the texts in the log.
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

// If two tabs post the same text under one nonce at the same moment, both succeed, and the message is posted
// once.
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

// A post counts even if its author closes the page before the answer. Others see it at once.
func TestPostOfOneWhoLeaves(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, path) })
	ada := s.member("ada")
	socket, _, err := s.member("bob").handshake("/ws?room=1&after=0", s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.CloseNow() }()

	locked, err := storetest.Beside(t, path).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := locked.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	leaving := &http.Client{Jar: ada.Jar, Timeout: 2 * time.Second} // long enough for the request to arrive
	form := url.Values{"room": {"1"}, "body": {"and off I go"}, "nonce": {"one"}}
	if answer, err := leaving.PostForm(s.url+"/messages", form); err == nil {
		t.Fatalf("the post is answered with %s", errors.Join(errors.New(answer.Status), answer.Body.Close()))
	}
	if _, err := locked.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for arrived := false; !arrived; {
		_, frame, err := socket.Read(ctx)
		if err != nil {
			t.Fatalf("other readers do not get it: %v", err)
		}
		arrived = strings.Contains(string(frame), "and off I go")
	}
}

// A session that has ended posts nothing, not even while its page still seems live.
func TestPostOfAnEndedSession(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, path) })
	ada := s.member("ada")
	page := ada.connect("/ws?room=1&after=0")
	eventually(t, "the page is live", func() bool { return page.online() != "" })
	ada.message("hello", "one").expect(http.StatusNoContent)
	if _, err := storetest.Beside(t, path).ExecContext(t.Context(), `DELETE FROM sessions`); err != nil {
		t.Fatal(err)
	}
	for _, nonce := range []string{"two", "one"} {
		answer := ada.message("hello", nonce)
		answer.expect(http.StatusOK).expectHeader("HX-Redirect", "/login?next=%2F")
	}
	if page.code() != 0 {
		t.Error("the page was told; the posts should have been refused before that")
	}
	if texts := s.posted(); len(texts) != 1 {
		t.Errorf("the log has %q", texts)
	}
}

// If a nonce already stands for another text, the first text stays. The answer says so, and gives the second
// text back to be sent as another message.
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
	bob.message("another's", "one").expect(http.StatusNoContent) // nonces belong to their author
	if got := strings.Join(s.posted(), ", "); got != "first, second, another's" {
		t.Errorf("the log has %s", got)
	}
}
