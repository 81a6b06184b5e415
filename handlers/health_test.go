package handlers_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLostDatabase covers the answer while the database is away.
func TestHealth(t *testing.T) {
	t.Parallel()
	answer := open(t).browse().get("/healthz").expect(http.StatusOK)
	if answer.body != "ok" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("it says %q, as %s", answer.body, answer.Header.Get("Content-Type"))
	}
}

// notice returns the latest notice that came for #connection.
func (s *stream) notice() string {
	return s.document().Find(`hx-partial[data-hx-target="#connection"]`).Last().Text()
}

// Open pages say that the database is away until it is back. So do pages that connect meanwhile.
func TestHealthIsToldToPages(t *testing.T) {
	t.Parallel()
	const away = "Messages cannot be saved now. Yours wait here."
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, onFile(t, path))
	ada := s.member("ada")
	before := ada.connect("/ws?room=1&after=0")
	elsewhere := ada.connect("/ws") // a page without a room
	eventually(t, "ada is online", func() bool { return before.online() == "1 online" })
	if strings.Contains(before.text(), "#connection") {
		t.Errorf("before the outage the page got %q", before.text())
	}
	remove(t, path)
	ada.message("during", "first").expect(http.StatusServiceUnavailable)
	eventually(t, "the page shows the notice", func() bool { return before.notice() == away })
	later := ada.connect("/ws?room=1&after=0")
	eventually(t, "a later page shows the notice", func() bool { return later.notice() == away })
	if err := os.Rename(path+" elsewhere", path); err != nil {
		t.Fatal(err)
	}
	for _, page := range []*stream{before, later} {
		eventually(t, "the page removes the notice", func() bool { return page.notice() == "" })
	}
	if strings.Contains(elsewhere.text(), "#connection") {
		t.Errorf("a page without a room got the notice: %s", elsewhere.text())
	}
}
