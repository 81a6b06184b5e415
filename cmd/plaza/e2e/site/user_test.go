package site

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// user runs a user command on the site's database, with a line of standard input.
func user(s *e2etest.Site, line string, arguments ...string) outcome {
	s.T.Helper()
	c := command(s.T, append([]string{"user", "--db", s.Database}, arguments...)...)
	c.Stdin = strings.NewReader(line)
	return finish(s.T, c)
}

// accounts returns the lines of the list of accounts.
func accounts(s *e2etest.Site) []string {
	s.T.Helper()
	return strings.Split(strings.TrimSpace(user(s, "", "list").succeeds(s.T)), "\n")
}

func TestUserCreateAndList(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	for _, test := range []struct{ username, line, role string }{
		{"ada", storetest.Password + "\n", "owner"}, // the first account
		{"bob", storetest.Password + "\r\n", "member"},
		{"Zoë", storetest.Password, "member"},
	} {
		said := user(s, test.line, "create", test.username, test.username+"@example.org").succeeds(t)
		if !strings.Contains(said, test.username) || !strings.Contains(said, test.role) || strings.Contains(said, storetest.Password) {
			t.Errorf("it prints %q", said)
		}
		s.SignIn(test.username) // the server needs no restart
	}
	s.Kill()
	listed := accounts(s) // the list needs no server
	if len(listed) != 4 {
		t.Fatalf("the list has %q", listed)
	}
	for i, words := range []string{"USERNAME EMAIL ROLE SINCE MAIL", "ada ada@example.org owner ", "bob bob@example.org member ", "Zoë Zoë@example.org member "} {
		if !strings.HasPrefix(strings.Join(strings.Fields(listed[i]), " "), words) {
			t.Errorf("line %d is %q, want %q", i, listed[i], words)
		}
	}
	beside := storetest.Beside(t, s.Database)
	for _, statement := range []string{
		`UPDATE users SET email_verified = TRUE WHERE username <> 'ada'`,
		`INSERT INTO refused_addresses (email_key, status, at) VALUES ('bob@example.org', 550, 1764547200000)`,
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if list := accounts(s); !strings.HasSuffix(list[1], " not verified") || !strings.HasSuffix(list[2], " refused with 550 on 2025-12-01") || !strings.HasSuffix(list[3], " verified") {
		t.Errorf("the list says %q", list)
	}
}

func TestUserRefuses(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Newcomer("ada")
	const good = storetest.Password + "\n"
	tests := []struct {
		name, line, arguments string
		status                int
		says                  string
	}{
		{"a username that is taken", good, "create ADA new@example.org", failed, "taken"},
		{"an email that is taken", good, "create bob Ada@example.org", failed, "already has an account"},
		{"a username that is too short", good, "create b bob@example.org", failed, "2 to 32 characters"},
		{"a username with a space", good, "create b/b bob@example.org", failed, "letters, digits"},
		{"no email", good, "create bob bob", failed, "ada@example.org"},
		{"a short password", "short\n", "create bob bob@example.org", failed, "at least 8"},
		{"a common password", "password1\n", "create bob bob@example.org", failed, "commonest"},
		{"no password", "", "create bob bob@example.org", failed, "at least 8"},
		{"all at once", "short\n", "create b bob", failed, "password: "},
		{"an unknown account", good, "reset-password nobody", failed, "Nobody"},
		{"an unknown account with a second factor", "", "remove-second-factor nobody", failed, "Nobody"},
		{"no second factor to remove", "", "remove-second-factor ada", failed, "Two-step sign-in is not"},
		{"a short new password", "short\n", "reset-password ada", failed, "at least 8"},
		{"no arguments", good, "create", misused, "username"},
		{"a missing argument", good, "create bob", misused, "email"},
		{"a password as an argument", good, "create bob bob@example.org " + good, misused, "unexpected"},
		{"nobody to reset", good, "reset-password", misused, "username"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refused := user(s, test.line, strings.Fields(test.arguments)...)
			refused.isRefused(t, test.status, test.says)
			if password := strings.TrimSpace(test.line); password != "" && strings.Contains(refused.err, password) {
				t.Errorf("the error contains the password: %q", refused.err)
			}
		})
	}
	if accounts := accounts(s); len(accounts) != 2 {
		t.Errorf("afterwards the list has %q", accounts)
	}
	s.SignIn("ada")
}

func TestUserWithoutADatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	for _, arguments := range []string{"list", "create ada ada@example.org", "reset-password ada"} {
		c := with(command(t, append([]string{"user"}, strings.Fields(arguments)...)...), "PLAZA_DB="+path)
		finish(t, c).isRefused(t, failed, path, "--db")
	}
	if files, _ := filepath.Glob(path + "*"); len(files) > 0 {
		t.Errorf("the program created %q", files)
	}
}

// An owner helps somebody who has lost the second factor, and a new password is no way around it.
func TestUserRemovesASecondFactor(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Newcomer("ada")
	s.TurnOnTwoStep("ada")
	const another = "another long phrase"
	user(s, another+"\n", "reset-password", "ada").succeeds(t)
	signIn := func() string {
		return s.Fill(s.Visitor(), "/login", url.Values{"login": {"ada"}, "password": {another}})
	}
	if to := signIn(); to != "/login/code" {
		t.Errorf("after the reset, the password leads to %q", to)
	}
	if said := user(s, "", "remove-second-factor", "ada").succeeds(t); !strings.Contains(said, "ada") {
		t.Errorf("it prints %q", said)
	}
	if to := signIn(); to != "/" {
		t.Errorf("without the second factor, the password leads to %q", to)
	}
}

func TestResetPasswordSignsOutEverywhere(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, phone, bob := s.Newcomer("ada"), s.SignIn("ada"), s.Newcomer("bob")
	theirs := []*websocket.Conn{s.Connect(ada, "/ws?room=1&after=0"), s.Connect(ada, "/ws"), s.Connect(phone, "/ws?room=1&after=0")}
	heard := e2etest.Hearing(s.Connect(bob, "/ws?room=1&after=0"), "not me")

	codes := make(chan websocket.StatusCode, len(theirs))
	for _, socket := range theirs {
		go func() { codes <- e2etest.CloseCode(socket) }()
	}
	const another = "another long phrase"
	if said := user(s, another+"\n", "reset-password", "ADA").succeeds(t); !strings.Contains(said, "signed out everywhere") || strings.Contains(said, another) {
		t.Errorf("it prints %q", said)
	}
	for range theirs {
		if code := <-codes; code != websocket.StatusPolicyViolation {
			t.Errorf("the socket of an ended session was closed with %d, want 1008", code)
		}
	}
	for _, client := range []*http.Client{ada, phone} {
		if isSignedIn(s, client) {
			t.Error("the cookie of an ended session still works")
		}
	}
	for password, status := range map[string]int{storetest.Password: http.StatusUnprocessableEntity, another: http.StatusOK} {
		answer, err := http.PostForm(s.URL+"/login", url.Values{"login": {"ada"}, "password": {password}})
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != status {
			t.Errorf("signing in with %q: status %s, want %d", password, answer.Status, status)
		}
	}
	s.MustPost(bob, "not me")
	if !heard() {
		t.Error("another member's socket was closed")
	}
}

// isSignedIn tells whether a client can read the messages.
func isSignedIn(s *e2etest.Site, client *http.Client) bool {
	s.T.Helper()
	answer, err := client.Get(s.URL + "/messages?room=1&before=1")
	if err != nil {
		s.T.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK && answer.Request.URL.Path == "/messages"
}
