package site

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// setting is a flag of serve. holds tells whether a site uses value. other is a value that the variable
// has when the flag overrides it.
type setting struct {
	flag, variable string
	value, other   string
	holds          func(s *e2etest.Site) bool
}

func settings(t *testing.T) []setting {
	t.Helper()
	folder := t.TempDir()
	addresses := [2]string{e2etest.FreeAddress(t), e2etest.FreeAddress(t)}
	files := [2]string{filepath.Join(folder, "one.db"), filepath.Join(folder, "other.db")}
	return []setting{
		// If the site is healthy, it listens on this address.
		{"addr", "PLAZA_ADDR", addresses[0], addresses[1], (*e2etest.Site).IsHealthy},
		{"db", "PLAZA_DB", files[0], files[1], func(*e2etest.Site) bool {
			_, one := os.Stat(files[0])
			_, other := os.Stat(files[1])
			return one == nil && os.IsNotExist(other)
		}},
		{"url", "PLAZA_URL", "https://chat.example.org", "http://chat.example.net", func(s *e2etest.Site) bool {
			return strings.Contains(s.Greeting, "https://chat.example.org\n") && saysHTTPS(s)
		}},
		{"registration", "PLAZA_REGISTRATION", "closed", "open", isClosed},
		{"limits", "PLAZA_LIMITS", "off", "on", func(s *e2etest.Site) bool { return !limitsRegistrations(s) }},
		{"trusted-proxies", "PLAZA_TRUSTED_PROXIES", "192.0.2.1, 127.0.0.0/8", "192.0.2.1", saysHTTPS},
		{"log-level", "PLAZA_LOG_LEVEL", "debug", "error", func(s *e2etest.Site) bool {
			_ = s.Stop()
			return strings.Contains(s.Process.Stderr.(*bytes.Buffer).String(), "level=DEBUG")
		}},
	}
}

// saysHTTPS tells whether the site takes a request as HTTPS, because of a trusted proxy on this machine
// or of its own address.
func saysHTTPS(s *e2etest.Site) bool {
	s.T.Helper()
	request, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, s.URL, http.NoBody)
	if err != nil {
		s.T.Fatal(err)
	}
	request.Header.Set("X-Forwarded-Proto", "https")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.T.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.Header.Get("Strict-Transport-Security") != ""
}

// isClosed tells whether nobody can register once the site has an owner.
func isClosed(s *e2etest.Site) bool {
	s.T.Helper()
	s.Join("ada")
	answer, err := http.Get(s.URL + "/register")
	if err != nil {
		s.T.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusForbidden
}

// limitsRegistrations tells whether the site refuses one of many attempts to register.
func limitsRegistrations(s *e2etest.Site) bool {
	s.T.Helper()
	for range 20 {
		answer, err := http.PostForm(s.URL+"/register", url.Values{"username": {"?"}})
		if err != nil {
			s.T.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusTooManyRequests {
			return true
		}
	}
	return false
}

// serveSetting starts a site with the tested value in the variable, or in the flag against another value
// in the variable. It always sets the address and the database.
func serveSetting(t *testing.T, tested setting, byFlag bool) *e2etest.Site {
	t.Helper()
	s := e2etest.New(t)
	flags := map[string]string{"addr": strings.TrimPrefix(s.URL, "http://"), "db": s.Database}
	if tested.flag == "addr" {
		s.URL = "http://" + tested.value
	}
	variable := tested.variable + "=" + tested.value
	delete(flags, tested.flag)
	if byFlag {
		variable = tested.variable + "=" + tested.other
		flags[tested.flag] = tested.value
	}
	s.Change = func(c *exec.Cmd) { with(c, variable).Stderr = &bytes.Buffer{} }
	arguments := []string{"serve"}
	for flag, value := range flags {
		arguments = append(arguments, "--"+flag, value)
	}
	s.Launch(arguments...)
	return s
}

func TestFlagsAndTheirVariables(t *testing.T) {
	t.Parallel()
	for name, byFlag := range map[string]bool{"the variable alone": false, "the flag against the variable": true} {
		t.Run(name, func(t *testing.T) {
			for _, test := range settings(t) {
				t.Run(test.flag, func(t *testing.T) {
					if s := serveSetting(t, test, byFlag); !test.holds(s) {
						t.Errorf("%q has no effect", test.value)
					}
				})
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	if saysHTTPS(s) {
		t.Error("the site trusts any client's X-Forwarded-Proto")
	}
	if !limitsRegistrations(s) {
		t.Error("the site does not limit registrations")
	}
}

func TestBadValues(t *testing.T) {
	t.Parallel()
	tests := []struct{ flag, variable, value, allowed string }{
		{"addr", "PLAZA_ADDR", "nonsense", ":8080"},
		{"addr", "PLAZA_ADDR", "127.0.0.1:70000", ":8080"},
		{"db", "PLAZA_DB", "", "plaza.db"},
		{"db", "PLAZA_DB", "mysql://host/plaza", "plaza.db"},
		{"db", "PLAZA_DB", ":memory:", "plaza.db"},
		{"url", "PLAZA_URL", "chat.example.org", "https://chat.example.org"},
		{"url", "PLAZA_URL", "ftp://chat.example.org", "https://chat.example.org"},
		{"url", "PLAZA_URL", "https://example.org/chat", "https://chat.example.org"},
		{"url", "PLAZA_URL", "https://chat.example.org:99999", "https://chat.example.org"},
		{"domain", "PLAZA_DOMAIN", "localhost", "chat.example.org,www.example.org"},
		{"domain", "PLAZA_DOMAIN", "chat.example.org,203.0.113.5", "chat.example.org,www.example.org"},
		{"domain", "PLAZA_DOMAIN", "https://chat.example.org", "chat.example.org,www.example.org"},
		{"domain", "PLAZA_DOMAIN", "*.example.org", "chat.example.org,www.example.org"},
		{"https-addr", "PLAZA_HTTPS_ADDR", "nonsense", ":8080"},
		{"acme-directory", "PLAZA_ACME_DIRECTORY", "http://authority.example/directory", "https://acme-v02.api.letsencrypt.org/directory"},
		{"acme-email", "PLAZA_ACME_EMAIL", "owner", "plaza@example.org"},
		{"acme-ca", "PLAZA_ACME_CA", "missing.pem", "PEM"},
		{"mail-from", "PLAZA_MAIL_FROM", "plaza", "plaza@example.org"},
		{"mail-from", "PLAZA_MAIL_FROM", "Plaza <plaza@example.org>", "plaza@example.org"},
		{"registration", "PLAZA_REGISTRATION", "whoever", "closed"},
		{"oidc-issuer", "PLAZA_OIDC_ISSUER", "id.example.org", "https://id.example.org"},
		{"oidc-issuer", "PLAZA_OIDC_ISSUER", "http://id.example.org", "https://id.example.org"},
		{"limits", "PLAZA_LIMITS", "maybe", `"on","off"`},
		{"trusted-proxies", "PLAZA_TRUSTED_PROXIES", "localhost", "127.0.0.1,10.0.0.0/8"},
		{"trusted-proxies", "PLAZA_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/99", "127.0.0.1,10.0.0.0/8"},
		{"log-level", "PLAZA_LOG_LEVEL", "loud", "debug, info, warn and error"},
	}
	for _, test := range tests {
		t.Run(test.flag+"="+test.value, func(t *testing.T) {
			byFlag := command(t, "serve", "--"+test.flag+"="+test.value)
			finish(t, byFlag).isRefused(t, misused, "--"+test.flag, `"`+test.value+`"`, test.allowed)
			byVariable := with(command(t), test.variable+"="+test.value)
			finish(t, byVariable).isRefused(t, misused, "--"+test.flag, `"`+test.value+`"`, test.allowed)
		})
	}
}

// A site takes sockets at its public address, however the address is written, and says at the start how
// browsers write it.
func TestSpellingsOfTheAddress(t *testing.T) {
	t.Parallel()
	for given, origin := range map[string]string{
		"http://Chat.Example.org:80/": "http://chat.example.org",
		"http://bücher.example":       "http://xn--bcher-kva.example",
	} {
		s := e2etest.Open(t, "--url", given)
		if want := "plaza is open at " + origin + "\n"; !strings.Contains(s.Greeting, want) {
			t.Errorf("%s: the site says %q", given, s.Greeting)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/ws", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		answer, err := s.Newcomer("ada").Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != http.StatusUpgradeRequired {
			t.Errorf("%s: a handshake at %s is answered with %s", given, origin, answer.Status)
		}
	}
}

func TestUnknownArguments(t *testing.T) {
	t.Parallel()
	tests := []struct{ arguments, named string }{
		{"--nope", "--nope"},
		{"serve --nope=1", "--nope"},
		{"serve extra", "extra"},
		{"dance", "dance"},
		{"version extra", "extra"},
		{"user", "create"},
		{"user dance", "dance"},
	}
	for _, test := range tests {
		t.Run(test.arguments, func(t *testing.T) {
			finish(t, command(t, strings.Fields(test.arguments)...)).isRefused(t, misused, test.named)
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arguments []string
		lists     []string
	}{
		{[]string{"--help"}, []string{"serve", "check", "user list", "user create", "user reset-password", "setup-link", "version"}},
		{[]string{"serve", "--help"}, []string{
			"--addr=", "(:8080) ($PLAZA_ADDR)", "--db=", "(plaza.db) ($PLAZA_DB)",
			"--url=", "(default: from the request) ($PLAZA_URL)", "--limits=", "(on) ($PLAZA_LIMITS)",
			"--domain=", "(default: none) ($PLAZA_DOMAIN)", "(:443) ($PLAZA_HTTPS_ADDR)", "(:80) ($PLAZA_HTTP_ADDR)",
			"--smtp=", "(default: none) ($PLAZA_SMTP)", "--mail-from=", "(default: none) ($PLAZA_MAIL_FROM)",
			"--trusted-proxies=", "(default: none) ($PLAZA_TRUSTED_PROXIES)", "--log-level=", "(info) ($PLAZA_LOG_LEVEL)",
		}},
		{[]string{"user", "list", "--help"}, []string{"--db=", "(plaza.db) ($PLAZA_DB)"}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.arguments, " "), func(t *testing.T) {
			help := strings.Join(strings.Fields(finish(t, command(t, test.arguments...)).succeeds(t)), " ")
			for _, part := range test.lists {
				if !strings.Contains(help, part) {
					t.Errorf("the help lacks %q:\n%s", part, help)
				}
			}
		})
	}
}

func TestNoCommandServes(t *testing.T) {
	t.Parallel()
	s := e2etest.New(t)
	s.Change = func(c *exec.Cmd) {
		with(c, "PLAZA_ADDR="+strings.TrimPrefix(s.URL, "http://"), "PLAZA_DB="+s.Database)
	}
	s.Launch()
	answer, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if page, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("the first page: status %s, %v", answer.Status, err)
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address := listener.Addr().String()
	serve := command(t, "serve", "--addr", address, "--db", filepath.Join(t.TempDir(), "plaza.db"))
	finish(t, serve).isRefused(t, failed, address, "in use")
}
