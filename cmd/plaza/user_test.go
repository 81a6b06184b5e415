package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"plaza/store/storetest"
)

// user administers the site's accounts from a terminal, with a line of standard input.
func (s *site) user(line string, arguments ...string) outcome {
	s.t.Helper()
	c := command(s.t, append([]string{"user", "--db", s.database}, arguments...)...)
	c.Stdin = strings.NewReader(line)
	return finish(s.t, c)
}

// accounts are the lines of the list of accounts.
func (s *site) accounts() []string {
	s.t.Helper()
	return strings.Split(strings.TrimSpace(s.user("", "list").succeeds(s.t)), "\n")
}

func TestUserCreateAndList(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, test := range []struct{ username, line, role string }{
		{"ada", storetest.Password + "\n", "owner"}, // the first of the site
		{"bob", storetest.Password + "\r\n", "member"},
		{"Zoë", storetest.Password, "member"},
	} {
		said := s.user(test.line, "create", test.username, test.username+"@example.org").succeeds(t)
		if !strings.Contains(said, test.username) || !strings.Contains(said, test.role) || strings.Contains(said, storetest.Password) {
			t.Errorf("prints %q", said)
		}
		s.enter(test.username) // without a restart
	}
	s.kill()
	accounts := s.accounts() // and without a site
	if len(accounts) != 4 {
		t.Fatalf("the list has %q", accounts)
	}
	for i, words := range []string{"USERNAME EMAIL ROLE SINCE", "ada ada@example.org owner ", "bob bob@example.org member ", "Zoë Zoë@example.org member "} {
		if !strings.HasPrefix(strings.Join(strings.Fields(accounts[i]), " "), words) {
			t.Errorf("line %d is %q, want %q", i, accounts[i], words)
		}
	}
}

func TestUserRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.register("ada")
	const good = storetest.Password + "\n"
	tests := []struct {
		name, line, arguments string
		status                int
		says                  string
	}{
		{"a username that is taken", good, "create ADA new@example.org", failed, "taken"},
		{"an email that is taken", good, "create bob Ada@example.org", failed, "has an account already"},
		{"a username that is too short", good, "create b bob@example.org", failed, "2 to 32 characters"},
		{"a username with a space", good, "create b/b bob@example.org", failed, "letters, digits"},
		{"no email", good, "create bob bob", failed, "ada@example.org"},
		{"a short password", "short\n", "create bob bob@example.org", failed, "at least 8"},
		{"a common password", "password1\n", "create bob bob@example.org", failed, "commonest"},
		{"no password", "", "create bob bob@example.org", failed, "at least 8"},
		{"all at once", "short\n", "create b bob", failed, "password: "},
		{"an unknown account", good, "reset-password nobody", failed, "Nobody"},
		{"a short new password", "short\n", "reset-password ada", failed, "at least 8"},
		{"no arguments", good, "create", misused, "username"},
		{"a missing argument", good, "create bob", misused, "email"},
		{"a password as an argument", good, "create bob bob@example.org " + good, misused, "unexpected"},
		{"nobody to reset", good, "reset-password", misused, "username"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refused := s.user(test.line, strings.Fields(test.arguments)...)
			refused.isRefused(t, test.status, test.says)
			if password := strings.TrimSpace(test.line); password != "" && strings.Contains(refused.err, password) {
				t.Errorf("the password is shown: %q", refused.err)
			}
		})
	}
	if accounts := s.accounts(); len(accounts) != 2 {
		t.Errorf("afterwards there are %q", accounts)
	}
	s.enter("ada")
}

func TestUserWithoutADatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	for _, arguments := range []string{"list", "create ada ada@example.org", "reset-password ada"} {
		c := with(command(t, append([]string{"user"}, strings.Fields(arguments)...)...), "PLAZA_DB="+path)
		finish(t, c).isRefused(t, failed, path, "--db")
	}
	if files, _ := filepath.Glob(path + "*"); len(files) > 0 {
		t.Errorf("it made %q", files)
	}
}

func TestResetPasswordSignsOutEverywhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, phone, bob := s.register("ada"), s.enter("ada"), s.register("bob")
	theirs := []*websocket.Conn{s.connect(ada, "/ws?room=1&after=0"), s.connect(ada, "/ws"), s.connect(phone, "/ws?room=1&after=0")}
	bobs := s.connect(bob, "/ws?room=1&after=0")

	const another = "another long phrase"
	if said := s.user(another+"\n", "reset-password", "ADA").succeeds(t); !strings.Contains(said, "signed out everywhere") || strings.Contains(said, another) {
		t.Errorf("prints %q", said)
	}
	for _, socket := range theirs {
		if code := closeCode(socket); code != websocket.StatusPolicyViolation {
			t.Errorf("a socket of a session that ended is closed with %d, want 1008", code)
		}
	}
	for _, client := range []*http.Client{ada, phone} {
		if s.isSignedIn(client) {
			t.Error("an old cookie still signs in")
		}
	}
	for password, status := range map[string]int{storetest.Password: http.StatusUnprocessableEntity, another: http.StatusOK} {
		answer, err := http.PostForm(s.url+"/login", url.Values{"login": {"ada"}, "password": {password}})
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != status {
			t.Errorf("sign in with %q: %s, want %d", password, answer.Status, status)
		}
	}
	s.mustPost(bob, "not me")
	if !hears(bobs, "not me") {
		t.Error("somebody else's socket was closed")
	}
}

// isSignedIn tells whether a client may read the messages.
func (s *site) isSignedIn(client *http.Client) bool {
	s.t.Helper()
	answer, err := client.Get(s.url + "/messages?room=1&before=1")
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK && answer.Request.URL.Path == "/messages"
}
