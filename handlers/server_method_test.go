package handlers_test

import (
	"net/http"
	"testing"
)

// Load balancers and link checkers send HEAD requests.
func TestHeadIsAnsweredAsGet(t *testing.T) {
	t.Parallel()
	b := open(t).browse()
	for _, path := range []string{"/", "/login", "/healthz"} {
		answer := b.send(http.MethodHead, path, nil).expect(http.StatusOK)
		if answer.body != "" {
			t.Errorf("%s: a body came", path)
		}
		answer.expectHeader("Content-Type", b.get(path).Header.Get("Content-Type"))
	}
}
