package handlers_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// broken returns a site without a store, so that every use of it panics.
func broken(t *testing.T) *site {
	t.Helper()
	log := &logged{}
	lost, err := store.Open(t.Context(), storetest.MustAddress(t), store.Serve)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handlers.New(handlers.Config{Store: lost, Unlimited: true, Log: slog.New(slog.NewTextHandler(log, nil))}))
	t.Cleanup(server.Close)
	s := &site{t: t, url: server.URL, log: log}
	s.browse().get("/login").expect(http.StatusOK) // reads what pages show of the site
	if err := lost.Close(); err != nil {
		t.Fatal(err)
	}
	*lost = store.Store{}
	return s
}

var problemID = regexp.MustCompile(`<code>([0-9a-f]{8})</code>`)

func TestPanicsStayInside(t *testing.T) {
	t.Parallel()
	s := broken(t)
	for _, by := range [][]string{nil, {"HX-Request", "true"}} {
		answer := s.browse().get("/u/ada", by...)
		answer.expectProblem(http.StatusInternalServerError)
		// A page that does not know whose it is must not say that it is a visitor's.
		if strings.Contains(answer.body, "data-account") {
			t.Errorf("the page knows whose it is:\n%s", answer.body)
		}
		id := problemID.FindStringSubmatch(answer.body)
		if id == nil {
			t.Fatalf("no id in\n%s", answer.body)
		}
		for _, internal := range []string{"panic", "nil pointer", "goroutine", ".go", "runtime", "store"} {
			if strings.Contains(answer.body, internal) {
				t.Errorf("the page says %q", internal)
			}
		}
		line := ""
		for l := range strings.Lines(s.log.String()) {
			if strings.Contains(l, "id="+id[1]) {
				line = l
			}
		}
		for _, known := range []string{"level=ERROR", "nil pointer", "goroutine", "profile.go", "method=GET", "route=/u/:username"} {
			if !strings.Contains(line, known) {
				t.Errorf("the log's line lacks %q:\n%s", known, line)
			}
		}
	}
	s.browse().get("/login").expect(http.StatusOK) // the next request is answered
}

// A site whose database is closed says that it will be back.
func TestClosedStore(t *testing.T) {
	t.Parallel()
	var closed *store.Store
	s := open(t, func(config *handlers.Config) {
		var err error
		if closed, err = store.Open(t.Context(), storetest.MustAddress(t), store.Serve, store.CheapHashes); err != nil {
			t.Fatal(err)
		}
		config.Store = closed
	})
	ada := s.member("ada")
	ada.get("/u/ada").expect(http.StatusOK) // prepares its query
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/login", "/messages?room=1&before=9", "/u/ada", "/u/ada/picture", "/viewer.css"} {
		for _, by := range [][]string{nil, {"HX-Request", "true"}} {
			answer := ada.get(path, by...).expectHeader("Retry-After", "3")
			answer.expectProblem(http.StatusServiceUnavailable)
		}
	}
	for _, path := range []string{"/messages", "/messages/preview", "/logout"} {
		ada.post(path, saying("hello")).expectHeader("Retry-After", "3").expectProblem(http.StatusServiceUnavailable)
	}
	for path, field := range map[string]string{"/register": "username", "/login": "login"} {
		form := url.Values{field: {"bob"}, "email": {"b@example.org"}, "password": {storetest.Password}, "password_confirm": {storetest.Password}}
		kept := s.browse().post(path, form).expect(http.StatusServiceUnavailable).expectHeader("Retry-After", "3")
		if kept.value(field) != "bob" || kept.text("#form-error") == "" || strings.Contains(kept.body, storetest.Password) {
			t.Errorf("%s answers\n%s", path, kept.body)
		}
		s.browse().post(path, form, "HX-Request", "true").expectProblem(http.StatusServiceUnavailable)
	}
	s.browse().get("/").expect(http.StatusOK)
	s.browse().get("/healthz").expect(http.StatusServiceUnavailable)
	s.browse().get("/ws", "Origin", s.url).expect(http.StatusUnauthorized)
}

// While the file of the database is gone, the site still shows what was written, and confirms nothing that
// would be lost. When the file is back, the site works again.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, onFile(t, path))
	ada := s.member("ada")
	ada.message("before", "first").expect(http.StatusNoContent)
	remove(t, path)
	ada.get("/healthz").expect(http.StatusServiceUnavailable)
	if page := ada.get("/").expect(http.StatusOK); !strings.Contains(page.text("[role=log]"), "before") {
		t.Error("what was written cannot be read")
	}
	ada.message("during", "second").expectHeader("Retry-After", "3").expectProblem(http.StatusServiceUnavailable)
	kept := ada.post("/messages", saying("during")).
		expect(http.StatusServiceUnavailable).expectHeader("Retry-After", "3")
	if kept.text("#composer textarea") != "during" || kept.text("#composer-error") == "" {
		t.Errorf("the text is lost:\n%s", kept.body)
	}
	s.browse().post("/login", credentials("ada", storetest.Password)).expectHeader("Retry-After", "3").
		expectProblem(http.StatusServiceUnavailable)
	ada.post("/logout", nil).expectHeader("Retry-After", "3").expectProblem(http.StatusServiceUnavailable)
	if err := os.Rename(path+" elsewhere", path); err != nil {
		t.Fatal(err)
	}
	ada.get("/healthz").expect(http.StatusOK)
	ada.message("after", "fourth").expect(http.StatusNoContent)
	if got := ada.get("/").text("[role=log]"); strings.Contains(got, "during") || !strings.Contains(got, "after") {
		t.Errorf("the log says %q", got)
	}
}
