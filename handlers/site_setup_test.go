package handlers_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// needsToken makes a site whose first account needs the token of the setup address.
func needsToken(config *handlers.Config) { config.SetupByLoopback = false }

// setupAddress returns the path of a new setup address.
func (s *site) setupAddress() string {
	s.t.Helper()
	token, err := s.store.NewSetupToken(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return "/setup?token=" + url.QueryEscape(token)
}

func TestStrangerDoesNotOwnTheSite(t *testing.T) {
	t.Parallel()
	s := open(t, needsToken)
	eve := s.browse()
	for _, path := range []string{"/register", "/setup"} {
		page := eve.get(path).expect(http.StatusForbidden)
		if page.text("h1") != "This site is not set up yet" || !strings.Contains(page.text("main"), "plaza setup-link") {
			t.Errorf("%s says %q", path, page.text("main"))
		}
		eve.post(path, registration("eve")).expect(http.StatusForbidden)
		fragment := eve.post(path, registration("eve"), "HX-Request", "true").expect(http.StatusForbidden)
		if !strings.Contains(fragment.text("#form-error"), "not set up") {
			t.Errorf("%s tells htmx\n%s", path, fragment.body)
		}
	}
	for _, forged := range []string{"/setup?token=", "/setup?token=eve", "/register?token=eve&setup=eve&local=true&Local=1"} {
		if answer := eve.post(forged, registration("eve")); answer.StatusCode == http.StatusSeeOther {
			t.Errorf("%s: %d", forged, answer.StatusCode)
		}
	}
	if got := s.accounts(); len(got) > 0 || eve.isSignedIn() {
		t.Errorf("the accounts are %q", got)
	}
}

func TestSetupMakesTheOwner(t *testing.T) {
	t.Parallel()
	s := open(t, needsToken)
	before, address := s.setupAddress(), s.setupAddress()
	s.browse().get(before).expect(http.StatusNotFound)
	ada := s.browse()
	page := ada.get(address).expect(http.StatusOK)
	s.browse().get(address).expect(http.StatusOK) // looking uses nothing up
	form := filled(registration("ada"), "token", page.value("token"))
	refused := ada.post("/setup", filled(form, "password_confirm", "")).expect(http.StatusUnprocessableEntity)
	if refused.value("token") != form.Get("token") || refused.value("username") != "ada" {
		t.Errorf("the form is sent back as\n%s", refused.body)
	}
	ada.post("/setup", form).expect(http.StatusSeeOther)
	if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.Role != store.Owner || !ada.isSignedIn() {
		t.Errorf("ada is %+v, %v", user, err)
	}
	// A second click on the button changes nothing.
	ada.post("/setup", form).expect(http.StatusSeeOther)
	for _, after := range []string{address, "/setup"} {
		if said := s.browse().get(after).expect(http.StatusNotFound).text("h1"); said != "This site is set up" {
			t.Errorf("afterwards %s says %q", after, said)
		}
	}
	s.browse().post("/setup", filled(registration("eve"), "token", form.Get("token"))).expect(http.StatusNotFound)
	s.browse().post("/register", registration("bob")).expect(http.StatusSeeOther)
}

// Without a token only who is on this machine owns the site, if nothing says that others can reach it.
func TestOwnerOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, peer, host string
		headers          []string
		owns             bool
	}{
		{"by name", "127.0.0.1", "localhost:8080", nil, true},
		{"by name in capitals", "127.0.0.1", "LOCALHOST", nil, true},
		{"by address", "127.0.0.1", "127.0.0.1:8080", nil, true},
		{"by IPv6", "::1", "[::1]:8080", nil, true},
		{"by IPv6 without a port", "::1", "[::1]", nil, true},
		{"by IPv4 in IPv6", "::ffff:127.0.0.1", "localhost", nil, true},
		{"a stranger who names this machine", "192.0.2.1", "localhost", nil, false},
		{"a stranger on a private network", "10.0.0.1", "127.0.0.1", nil, false},
		{"a proxy with the site's name", "127.0.0.1", "chat.example.org", nil, false},
		{"a name that begins alike", "127.0.0.1", "localhost.example.org", nil, false},
		{"another address of this machine", "127.0.0.1", "127.0.0.2", nil, false},
		{"no host", "127.0.0.1", "", nil, false},
		{"a proxy", "127.0.0.1", "localhost", []string{"X-Forwarded-For", "192.0.2.1"}, false},
		{"a proxy that says nothing in it", "127.0.0.1", "localhost", []string{"X-Forwarded-For", ""}, false},
		{"a proxy that tells the scheme", "127.0.0.1", "localhost", []string{"X-Forwarded-Proto", "https"}, false},
		{"a proxy by the standard", "127.0.0.1", "localhost", []string{"Forwarded", "for=192.0.2.1"}, false},
		{"a proxy with nginx's header", "127.0.0.1", "localhost", []string{"X-Real-Ip", "192.0.2.1"}, false},
		{"a proxy that tells its name", "127.0.0.1", "localhost", []string{"Via", "1.1 proxy"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				headers := append([]string{"Host", test.host}, test.headers...)
				status := s.from(test.peer).post("/register", registration("ada"), headers...).StatusCode
				if owns := status == http.StatusSeeOther; owns != test.owns || !owns && status != http.StatusForbidden {
					s.t.Errorf("the answer is %d", status)
				}
			})
		})
	}
}

// nginx adds no header unless it is told to, names this machine as the host, and speaks HTTP/1.0.
func TestOwnerBehindAnOldProxy(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	plaza := handlers.New(handlers.Config{Store: s, Log: slog.New(slog.DiscardHandler), SetupByLoopback: true})
	ask := func(minor int) int {
		request := httptest.NewRequest(http.MethodGet, "http://localhost:8080/register", http.NoBody)
		request.RemoteAddr, request.ProtoMinor = "127.0.0.1:49152", minor
		answered := httptest.NewRecorder()
		plaza.ServeHTTP(answered, request)
		return answered.Code
	}
	if by11, by10 := ask(1), ask(0); by11 != http.StatusOK || by10 != http.StatusForbidden {
		t.Errorf("the answer to HTTP/1.1 is %d, and to HTTP/1.0 %d", by11, by10)
	}
}
