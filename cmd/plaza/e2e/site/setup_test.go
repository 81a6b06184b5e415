package site

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// setupLink runs plaza setup-link on the site's database.
func setupLink(s *e2etest.Site, flags ...string) outcome {
	s.T.Helper()
	return finish(s.T, command(s.T, append([]string{"setup-link", "--db", s.Database}, flags...)...))
}

// registers sends the form for the owner's account with the token of a setup address, and returns the status.
func registers(s *e2etest.Site, path, address string) int {
	s.T.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		s.T.Fatal(err)
	}
	answer, err := s.Visitor().PostForm(s.URL+path, url.Values{
		"username": {"ada"}, "email": {"ada@example.org"}, "token": {parsed.Query().Get("token")},
		"password": {storetest.Password}, "password_confirm": {storetest.Password},
	})
	if err != nil {
		s.T.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// A site with a public address prints the address that makes its owner. Nobody owns it without that, even on this
// machine.
func TestSetupLink(t *testing.T) {
	t.Parallel()
	s := e2etest.New(t)
	s.Start("--url", "https://chat.example.org")
	_ = s.Stop()
	_, printed, _ := strings.Cut(s.Greeting, "owns this site: ")
	printed = strings.TrimSpace(printed)
	if !strings.HasPrefix(printed, "https://chat.example.org/setup?token=") {
		t.Fatalf("it prints %q", s.Greeting)
	}
	s.Start("--url", s.URL)
	again := strings.TrimSpace(setupLink(s, "--url", "https://chat.example.org").succeeds(t))
	if !strings.HasPrefix(again, "https://chat.example.org/setup?token=") || again == printed {
		t.Fatalf("it prints %q again", again)
	}
	if status := registers(s, "/register", ""); status != http.StatusForbidden {
		t.Errorf("without a token: %d", status)
	}
	if status := registers(s, "/setup", printed); status != http.StatusNotFound {
		t.Errorf("with the token before: %d", status)
	}
	if status := registers(s, "/setup", again); status != http.StatusOK {
		t.Errorf("with the token: %d", status)
	}
	if list := accounts(s); len(list) != 2 || !strings.Contains(list[1], "owner") {
		t.Errorf("the accounts are %q", list)
	}
	setupLink(s).isRefused(t, failed, "has an owner")
}

// Without a public address, the address to register at is that of this machine.
func TestSetupLinkWithoutAPublicAddress(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	for addr, want := range map[string]string{
		":8123": "http://localhost:8123/setup?token=", "127.0.0.1:8123": "http://127.0.0.1:8123/setup?token=",
	} {
		if printed := setupLink(s, "--addr", addr).succeeds(t); !strings.HasPrefix(printed, want) {
			t.Errorf("for %s it prints %q", addr, printed)
		}
	}
	named := setupLink(s, "--domain", "chat.example.org,www.example.org").succeeds(t)
	if !strings.HasPrefix(named, "https://chat.example.org/setup?token=") {
		t.Errorf("with names it prints %q", named)
	}
	if status := registers(s, "/register", ""); status != http.StatusOK {
		t.Errorf("on this machine nobody can register: %d", status)
	}
}

func TestSetupLinkWithoutADatabase(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "none.db")
	finish(t, command(t, "setup-link", "--db", missing)).isRefused(t, failed, missing)
}
