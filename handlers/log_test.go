package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers"
	"plaza/store/storetest"
)

// At level debug the log has one line for each request, with its route instead of its path.
func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for _, test := range []struct {
		method, path, route string
		status              int
	}{
		{http.MethodGet, "/", "/", http.StatusOK},
		{http.MethodGet, "/u/ada?x=y", "/u/:username", http.StatusOK},
		{http.MethodGet, "/u/nobody", "/u/:username", http.StatusNotFound},
		{http.MethodGet, "/u/ada/picture", "/u/:username/picture", http.StatusOK},
		{http.MethodGet, "/ws?room=1", "/ws", http.StatusForbidden},
		{http.MethodPost, "/messages", "/messages", http.StatusUnprocessableEntity},
		{http.MethodGet, "/static/plaza.css", "/static/*", http.StatusNotFound},
		{http.MethodDelete, "/healthz", "/healthz", http.StatusMethodNotAllowed},
		{http.MethodGet, "/nothing/here", `""`, http.StatusNotFound},
		{http.MethodPost, "/logout", "/logout", http.StatusSeeOther},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			before := s.log.String()
			ada.in(t).send(test.method, test.path, nil).expect(test.status)
			want := fmt.Sprintf(`level=DEBUG msg=request method=%s route=%s status=%d `, test.method, test.route, test.status)
			lines := func() string { return strings.TrimPrefix(s.log.String(), before) }
			eventually(t, "a line is written", func() bool { return strings.HasSuffix(lines(), "\n") })
			if got := lines(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) {
				t.Errorf("the log says %q, not %q", got, want)
			}
		})
	}
}

// More people read a log than the chat, and it is kept for longer. It holds no names, texts or secrets of
// users, even if requests fail.
func TestLogTellsOnNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, onFile(t, path), limited, at("http://chat.test"))
	const name, secret, words, made = "zanzibar", "quokka-wombat-17", "umbrella", "xylophone"
	visitor, member := s.browse(), s.browse()
	member.post("/register", chosen(name, secret)).expect(http.StatusSeeOther)
	token := member.token()
	round := func() {
		for _, by := range [][]string{nil, {"HX-Request", "true"}, {"Origin", "https://elsewhere.test"}} {
			visitor.post("/register", chosen(name, secret), by...)
			visitor.post("/register", filled(chosen(name+"2", secret), "password_confirm", secret+"2"), by...)
			visitor.post("/login", credentials(name, secret+"2"), by...)
			visitor.post("/login", credentials(name+"@example.org", secret), by...)
			visitor.get("/login?next=/u/"+made, by...)
			visitor.get("/"+made+"?q="+made, by...)
			visitor.get("/messages?q="+made, by...)
			visitor.send(http.MethodDelete, "/u/"+name, nil, by...)
			visitor.send(http.MethodPost, "/login", strings.NewReader("password="+secret+"%zz"), "Content-Type", urlencoded)
			member.post("/messages?q="+made, filled(saying(words), "nonce", made+fmt.Sprint(len(by))), by...)
			member.post("/messages", filled(saying(words+"\x00"), "nonce", made), by...)
			member.post("/messages", url.Values{"room": {made}, "body": {words}}, by...)
			member.post("/messages/preview", saying("@"+name+" "+words), by...)
			member.post("/theme", url.Values{"theme": {made}, "next": {"/u/" + made}}, by...)
			member.get("/?before=77&q="+made, by...)
			member.get("/messages?room="+made+"&before="+made, by...)
			member.get("/messages?room=1&before="+made, by...)
			for _, page := range []string{"/u/" + name, "/u/" + made, "/u/" + name + "/picture", "/viewer.css?" + name, "/ws?room=" + made} {
				member.get(page, by...)
			}
		}
	}
	round()
	remove(t, path)
	round()
	member.post("/logout", nil).expect(http.StatusServiceUnavailable)
	log := s.log.String()
	for _, what := range []string{name, secret, words, made, token, "example", "before=", "127.0.0.1", storetest.Password} {
		for line := range strings.Lines(log) {
			if strings.Contains(strings.ToLower(line), strings.ToLower(what)) {
				t.Errorf("%q is in the log's line %s", what, line)
			}
		}
	}
	if !strings.Contains(log, "level=ERROR") || strings.Contains(log, "status=500") {
		t.Errorf("the log has no errors, or unexpected ones:\n%s", log)
	}
}

// Where a site refuses what has another origin, the log says which one came and which one it expects, once
// a minute. Programs that are no browsers send none, and are not logged.
func TestRefusedOriginsAreLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &logged{}
		s := simulateOn(t, storetest.MustOpen(t), at("https://Chat.example.org:443"), func(config *handlers.Config) {
			config.Log = slog.New(slog.NewTextHandler(log, nil))
		})
		ada := s.browse()
		says := func(lines int, origin string) {
			t.Helper()
			said := log.String()
			if strings.Count(said, "\n") != lines || strings.Count(said, "expected=https://chat.example.org\n") != lines || !strings.Contains(said, origin) {
				t.Fatalf("the log is %q, want %d lines and %q", said, lines, origin)
			}
		}
		ada.get("/ws").expect(http.StatusForbidden)
		says(0, "")
		ada.get("/ws", "Origin", "https://chat.example.org").expect(http.StatusUnauthorized)
		says(0, "")
		ada.get("/ws", "Origin", "https://www.chat.example.org").expect(http.StatusForbidden)
		says(1, "origin=https://www.chat.example.org")
		for range 100 {
			ada.get("/ws", "Origin", "https://evil.example").expect(http.StatusForbidden)
			ada.post("/logout", nil, "Origin", "https://evil.example").expect(http.StatusForbidden)
		}
		time.Sleep(time.Minute - time.Second)
		ada.post("/logout", nil, "Origin", "https://evil.example").expect(http.StatusForbidden)
		says(1, "")
		time.Sleep(time.Second)
		ada.post("/logout", nil, "Origin", "http://chat.example.org").expect(http.StatusForbidden)
		says(2, "origin=http://chat.example.org")
		time.Sleep(time.Minute)
		ada.get("/ws", "Origin", "https://"+strings.Repeat("x", 20_000)).expect(http.StatusForbidden)
		if says(3, "origin=https://xxx"); len(log.String()) > 2000 {
			t.Errorf("the log has %d bytes", len(log.String()))
		}
	})
}

// A fault of the server is logged under the id that the page shows.
func TestFaultsAreLoggedByID(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, onFile(t, path))
	ada := s.member("ada")
	remove(t, path)
	answer := ada.post("/logout", nil).expect(http.StatusServiceUnavailable)
	id := problemID.FindStringSubmatch(answer.body)
	if id == nil || !strings.Contains(s.log.String(), `level=ERROR msg="request failed" id=`+id[1]+" method=POST route=/logout error=") {
		t.Errorf("the page says %v, the log\n%s", id, s.log)
	}
	if strings.Contains(answer.body, path) {
		t.Error("the page names the file")
	}
	ada.get("/nothing").expect(http.StatusNotFound)
	if errors := strings.Count(s.log.String(), "level=ERROR"); errors != 1 {
		t.Errorf("%d errors are logged", errors)
	}
}
