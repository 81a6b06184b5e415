package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// That it is unwell says TestLostDatabase.
func TestHealth(t *testing.T) {
	t.Parallel()
	answer := open(t).browse().get("/healthz").expect(http.StatusOK)
	if answer.body != "ok" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("it says %q, as %s", answer.body, answer.Header.Get("Content-Type"))
	}
}
