package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// change is a form that changes something, if the server accepts it.
type change struct {
	path string
	form url.Values
}

// changes returns all forms that a signed-in user can send.
func changes() []change {
	return []change{
		{"/register", registration("eve")},
		{"/login", credentials("bob", storetest.Password)},
		{"/logout", nil},
		{"/messages", saying("hello")},
		{"/messages/preview", saying("hello")},
		{"/theme", url.Values{"theme": {"dark"}}},
	}
}

// saying fills the composer with a text.
func saying(text string) url.Values {
	return url.Values{"room": {"1"}, "body": {text}, "nonce": {text}}
}

// state is everything that the forms could change.
type state struct {
	accounts, messages int
	session, theme     string
}

// state reads the state with a member's browser.
func (b *browser) state() state {
	b.t.Helper()
	log, _, err := b.site.store.MessagesBefore(b.t.Context(), store.PublicRoom, 1<<60, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	page := b.get("/").expect(http.StatusOK)
	return state{
		len(b.site.accounts()), len(log),
		page.text("header .own-name"), page.document().Find("html").AttrOr("data-theme", ""),
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	storetest.MustUser(t, s.store, "bob")
	ada := s.member("ada")
	before := ada.state()
	for name, headers := range map[string][]string{
		"another site":               {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"another site, unnamed":      {"Sec-Fetch-Site", "cross-site"},
		"a sibling":                  {"Sec-Fetch-Site", "same-site", "Origin", "http://evil.127.0.0.1"},
		"a sandbox":                  {"Sec-Fetch-Site", "cross-site", "Origin", "null"},
		"a foreign origin":           {"Origin", "https://evil.example"},
		"no origin to speak of":      {"Origin", "null"},
		"a look-alike":               {"Origin", s.url + ".evil.example"},
		"another port":               {"Origin", s.url + "0"},
		"by htmx":                    {"Origin", "https://evil.example", "HX-Request", "true"},
		"with our address in a path": {"Origin", "https://evil.example/" + s.url},
	} {
		t.Run(name, func(t *testing.T) {
			ada := ada.in(t)
			for _, change := range changes() {
				refused := ada.post(change.path, change.form, headers...).expect(http.StatusForbidden)
				if len(refused.Cookies()) > 0 {
					t.Errorf("%s sets %v", change.path, refused.Cookies())
				}
			}
			if after := ada.state(); after != before {
				t.Errorf("there is now %+v", after)
			}
		})
	}
}

// Following a link changes nothing, on any page, nor does asking for its header.
func TestNoPageChangesAnything(t *testing.T) {
	t.Parallel()
	s := unplugged(t)
	paths := s.paths(http.MethodGet)
	paths = append(paths, "/dm/ada", "/dm/bob?before=1", "/ws?room=1&after=0", "/notifications?id=1", "/settings/email/confirm?token=x", "/switch?q=bob", "/search?q=bob")
	signed := httptest.NewRequest(http.MethodGet, "/", nil)
	s.signedIn(t, signed)
	unread, _, err := s.store.Notifications(t.Context(), s.ada, store.NewestPoint(), 1)
	if err != nil || len(unread) == 0 || unread[0].Read {
		t.Fatalf("ada has the notifications %+v, %v", unread, err)
	}
	paths = append(paths, fmt.Sprint("/notifications/open?id=", unread[0].ID))
	before := rows(t, s.address)
	for _, path := range paths {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			request := httptest.NewRequest(method, path, nil)
			request.AddCookie(signed.Cookies()[0])
			request.Header.Set("Origin", "http://example.com")
			if strings.HasPrefix(path, "/ws") && method == http.MethodHead {
				for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
					request.Header.Set(name, value)
				}
			}
			answered := recordDeadlines{httptest.NewRecorder()}
			s.ServeHTTP(answered, request)
			if answered.Code >= http.StatusInternalServerError || answered.Code == http.StatusSwitchingProtocols {
				t.Errorf("%s %s is answered with %d", method, path, answered.Code)
			}
			if after := rows(t, s.address); len(differing(before, after)) > 0 {
				t.Errorf("%s %s changes %q", method, path, differing(before, after))
				before = after
			}
		}
	}
}

// A stream is opened by GET alone.
func TestHeadOpensNoStream(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	handshake := []string{"Origin", s.url, "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}
	ada.send(http.MethodHead, "/ws?room=1&after=0", nil, handshake...).expect(http.StatusUpgradeRequired)
}

// Following a link changes nothing.
func TestGetChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	storetest.MustUser(t, s.store, "bob")
	ada := s.member("ada")
	before := ada.state()
	for _, change := range changes() {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			answer := ada.send(method, change.path+"?"+change.form.Encode(), nil)
			if len(answer.Cookies()) > 0 {
				t.Errorf("%s %s sets %v", method, change.path, answer.Cookies())
			}
		}
	}
	for _, path := range []string{"/logout", "/messages/preview", "/theme"} {
		ada.get(path).expect(http.StatusMethodNotAllowed)
	}
	if after := ada.state(); after != before {
		t.Errorf("there is now %+v", after)
	}
}

func TestOwnPagesChangeThings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		change  func(*handlers.Config)
		headers []string
	}{
		{"a browser of today", limited, []string{"Sec-Fetch-Site", "same-origin"}},
		{"a person at the address bar", limited, []string{"Sec-Fetch-Site", "none"}},
		{"a script without a browser", limited, nil},
		{"an older browser", limited, []string{"Origin", "http://plaza.example", "Host", "plaza.example"}},
		{
			"behind a proxy that renames us", at("https://plaza.example"),
			[]string{"Origin", "https://plaza.example", "Host", "internal:8080"},
		},
		{
			"behind a proxy that encrypts", behind("127.0.0.1"),
			[]string{"Origin", "https://plaza.example", "Host", "plaza.example", "X-Forwarded-Proto", "https"},
		},
		{
			"behind a proxy that names its port", behind("127.0.0.1"),
			[]string{"Origin", "https://plaza.example", "Host", "plaza.example:443", "X-Forwarded-Proto", "https"},
		},
		{
			"behind proxies in a row", behind("127.0.0.1"),
			[]string{"Origin", "https://plaza.example", "Host", "plaza.example", "X-Forwarded-Proto", "HTTPS, http"},
		},
		{"a name in capitals", limited, []string{"Origin", "http://plaza.example", "Host", "Plaza.Example:80"}},
		{"an address with its port", at("https://Plaza.example:443"), []string{"Origin", "https://plaza.example"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, test.change)
			storetest.MustUser(t, s.store, "zoe") // owns the site, so that anybody can register
			for _, change := range changes() {
				if answer := s.browse().post(change.path, change.form, test.headers...); answer.StatusCode == http.StatusForbidden {
					t.Errorf("%s is refused", change.path)
				}
			}
			if got := s.accounts(); !slices.Equal(got, []string{"zoe", "eve"}) {
				t.Errorf("the accounts are %q", got)
			}
		})
	}
}
