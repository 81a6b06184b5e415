package handlers_test

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// isSignedIn tells whether the start page lets the browser sign out.
func (b *browser) isSignedIn() bool {
	b.t.Helper()
	return b.get("/").expect(http.StatusOK).canSignOut()
}

func (a *answer) canSignOut() bool {
	a.t.Helper()
	return a.document().Find("button").FilterFunction(func(_ int, button *goquery.Selection) bool {
		return strings.TrimSpace(button.Text()) == "Sign out"
	}).Length() == 1
}

// token returns the token of the browser's session cookie.
func (b *browser) token() string {
	b.t.Helper()
	address, err := url.Parse(b.site.url)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cookie := range b.Jar.Cookies(address) {
		if cookie.Name == "plaza" {
			return cookie.Value
		}
	}
	b.t.Fatal("the browser has no session")
	return ""
}

// plant puts a session cookie into the browser.
func (b *browser) plant(token string) {
	b.t.Helper()
	address, err := url.Parse(b.site.url)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Jar.SetCookies(address, []*http.Cookie{{Name: "plaza", Value: token, Path: "/"}})
}

// admits tells whether a token signs a browser in.
func (s *site) admits(token string) bool {
	s.t.Helper()
	return s.browse().get("/", "Cookie", "plaza="+token).expect(http.StatusOK).canSignOut()
}

// onFile puts the site's database into a file.
func onFile(t *testing.T, path string) func(*handlers.Config) {
	return func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, path) }
}

func TestSessionIsNewAtEachSignIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	first := ada.token()
	ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	second := ada.token()
	if second == first || s.admits(first) || !s.admits(second) {
		t.Error("the session before the second sign-in is still good, or the new one is not")
	}
	ada.post("/register", registration("bob")).expect(http.StatusSeeOther)
	if s.admits(second) || !s.admits(ada.token()) {
		t.Error("the session before the new account is still good, or the new one is not")
	}
}

// A token that an attacker planted before the sign-in does not sign the attacker in.
func TestSessionIsNeverTheOneThatWasThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	const planted = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
	for _, test := range []struct {
		name, path string
		form       url.Values
	}{
		{"registering", "/register", registration("ada")},
		{"signing in", "/login", credentials("ada", storetest.Password)},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := s.in(t)
			ada := s.browse()
			ada.plant(planted)
			ada.post(test.path, test.form).expect(http.StatusSeeOther)
			if ada.token() == planted || s.admits(planted) || !ada.isSignedIn() {
				t.Error("the planted session was taken over, or there is no session")
			}
		})
	}
	// The attacker's own session does not become the victim's either.
	eve, ada := s.member("eve"), s.browse()
	ada.plant(eve.token())
	ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	if eve.isSignedIn() {
		t.Error("the session that was planted goes on")
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, elsewhere := s.member("ada"), s.browse()
	elsewhere.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	token := ada.token()
	left := ada.post("/logout", nil).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if cookies := left.Cookies(); len(cookies) != 1 || cookies[0].MaxAge >= 0 || cookies[0].Value != "" {
		t.Errorf("the cookies are %v", cookies)
	}
	if ada.isSignedIn() || s.admits(token) {
		t.Error("the session goes on")
	}
	if !elsewhere.isSignedIn() {
		t.Error("the other browser's session ended, too")
	}
	elsewhere.post("/logout", nil, "HX-Request", "true").expect(http.StatusOK).expectHeader("HX-Redirect", "/")
	s.browse().post("/logout", nil).expect(http.StatusSeeOther).expectHeader("Location", "/")
}

func TestNewPasswordEndsAllSessions(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if err := s.store.ResetPassword(t.Context(), "ada", "another long phrase"); err != nil {
		t.Fatal(err)
	}
	if ada.isSignedIn() {
		t.Error("the session goes on")
	}
	ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusUnprocessableEntity)
	ada.post("/login", credentials("ada", "another long phrase")).expect(http.StatusSeeOther)
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		change  func(*handlers.Config)
		headers []string
		cookie  string
		secure  bool
	}{
		{"http", limited, nil, "plaza", false},
		{"https, as the public address says", at("https://plaza.example"), nil, "__Host-plaza", true},
		{"http, as the public address says", at("http://plaza.example"), nil, "plaza", false},
		{"https, as a trusted proxy says", behind("127.0.0.1"), []string{"X-Forwarded-Proto", "https"}, "__Host-plaza", true},
		{"http, as a trusted proxy says", behind("127.0.0.1"), []string{"X-Forwarded-Proto", "http"}, "plaza", false},
		{"https, as anybody may say", limited, []string{"X-Forwarded-Proto", "https"}, "plaza", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, test.change)
			storetest.MustUser(t, s.store, "bob") // owns the site, so that anybody can register
			cookies := s.browse().post("/register", registration("ada"), test.headers...).expect(http.StatusSeeOther).Cookies()
			if len(cookies) != 2 {
				t.Fatalf("the cookies are %v", cookies)
			}
			for i, want := range []struct {
				name     string
				lifetime time.Duration
			}{{test.cookie, store.SessionLifetime}, {test.cookie + "-browser", store.BrowserLifetime}} {
				got := cookies[i]
				if got.Name != want.name || got.Secure != test.secure || !got.HttpOnly ||
					got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" || len(got.Value) < 43 {
					t.Errorf("the cookie is %s", got.Raw)
				}
				if got.MaxAge != int(want.lifetime.Seconds()) {
					t.Errorf("it lasts %d s", got.MaxAge)
				}
			}
			got := cookies[0]
			for name, in := range map[string]bool{"plaza": test.cookie == "plaza", "__Host-plaza": test.secure} {
				page := s.browse().get("/", append([]string{"Cookie", name + "=" + got.Value}, test.headers...)...)
				if page.canSignOut() != in {
					t.Errorf("a cookie called %s signs in: %v", name, !in)
				}
			}
		})
	}
}

// Nobody can sign in with a copy of the database.
func TestSessionIsKeptAsAHash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	token := open(t, onFile(t, path)).member("ada").token()
	var kept int
	hash := sha256.Sum256([]byte(token))
	if err := storetest.Beside(t, path).QueryRowContext(t.Context(), `SELECT count(*) FROM sessions WHERE token_hash = $1`, hash[:]).Scan(&kept); err != nil || kept != 1 {
		t.Errorf("%d sessions have the token's hash, %v", kept, err)
	}
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(token)) {
			t.Errorf("the token is in %s", name)
		}
	}
}

func TestSessionLifetime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		visits time.Duration // the time between visits
		signed time.Duration // how long the session lasts
	}{
		{"used now and then", store.SessionIdleLifetime - time.Hour, store.SessionLifetime},
		{"not used for too long", store.SessionIdleLifetime + time.Hour, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				token, began := s.member("ada").token(), time.Now()
				for time.Since(began) < store.SessionLifetime+2*store.SessionIdleLifetime {
					time.Sleep(test.visits)
					if in := time.Since(began) < test.signed; s.admits(token) != in {
						s.t.Fatalf("after %v: signed in: %v", time.Since(began), !in)
					}
				}
			})
		})
	}
}

// A page of one account may still be open when its browser signs in with another. What such a page sends
// is not taken for the other account's: it goes to sign-in, as after signing out.
func TestPageOfAnotherAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	page := ada.get("/").expect(http.StatusOK).document()
	account := page.Find("#composer [name=account]").AttrOr("value", "")
	if pending := page.Find("template#pending [name=account]").AttrOr("value", ""); account == "" || pending != account || page.Find("html").AttrOr("data-account", "") != account {
		t.Errorf("the page of %q has pending copies of %q", account, pending)
	}
	form := url.Values{"room": {"1"}, "account": {account}, "body": {"a secret"}, "nonce": {"one"}}
	for _, path := range []string{"/messages", "/messages/preview"} {
		bob.post(path, form).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
		bob.post(path, form, "HX-Request", "true").expect(http.StatusOK).expectHeader("HX-Redirect", "/login?next=%2F")
	}
	if texts := s.posted(); len(texts) != 0 {
		t.Errorf("the log has %q", texts)
	}
	stream := bob.connect("/ws?room=1&after=0&account=" + account)
	eventually(t, "the stream ends", func() bool { return stream.code() == websocket.StatusPolicyViolation })
	ada.post("/messages", form, "HX-Request", "true").expect(http.StatusNoContent).expectHeader("Plaza-Seq", "1")
	ada.post("/messages", form, "HX-Request", "true").expect(http.StatusNoContent).expectHeader("Plaza-Seq", "1")
	ada.connect("/ws?room=1&after=0&account=" + account).expect("a secret")
}

// A browser keeps nothing of an account beyond its session.
func TestSigningOutClearsTheBrowser(t *testing.T) {
	t.Parallel()
	s := open(t)
	const everything = `"cache", "storage"`
	ada, bob := s.member("ada"), s.member("bob")
	if vary := ada.get("/viewer.css").Header.Values("Vary"); !slices.Contains(vary, "Cookie") {
		t.Errorf("the viewer's styles vary by %q", vary)
	}
	ada.post("/logout", nil).expect(http.StatusSeeOther).expectHeader("Clear-Site-Data", everything)
	bob.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther).expectHeader("Clear-Site-Data", everything)
	// A page says if it is a visitor's: then a script removes what an ended session has left.
	for _, path := range []string{"/", "/login", "/register"} {
		if account := ada.get(path).expect(http.StatusOK).document().Find("html").AttrOr("data-account", ""); account != "0" {
			t.Errorf("%s for a visitor is the page of %q", path, account)
		}
	}
	for path, status := range map[string]int{"/nothing": http.StatusNotFound, "/friends": http.StatusOK} {
		if account := s.member("eve"+path[1:]).get(path).expect(status).document().Find("html").AttrOr("data-account", "0"); account == "0" {
			t.Errorf("%s for a member is the page of a visitor", path)
		}
	}
}
