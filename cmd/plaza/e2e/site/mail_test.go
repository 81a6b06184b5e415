package site

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store/storetest"
)

// mustMail starts an SMTP server that requires the secret. of returns its address with a user's name and
// password.
func mustMail(t *testing.T) (server *smtptest.Server, of func(user string) string) {
	t.Helper()
	server, err := smtptest.Start(smtptest.Options{User: "plaza", Password: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server, func(user string) string { return "smtp://" + user + "@127.0.0.1:" + server.Port() }
}

// asksFor asks the site for another email.
func asksFor(s *e2etest.Site, client *http.Client, email string) {
	s.T.Helper()
	answer, err := client.PostForm(s.URL+"/settings/email", url.Values{"email": {email}, "password": {storetest.Password}})
	if err != nil {
		s.T.Fatal(err)
	}
	if _ = answer.Body.Close(); answer.StatusCode != http.StatusOK {
		s.T.Fatalf("the answer to the email's form is %s", answer.Status)
	}
}

func TestMailFlagsGoTogether(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{"--smtp=smtp://plaza:s3cret@host"}, {"--mail-from=plaza@example.org"}} {
		arguments = append(arguments, "--db="+filepath.Join(t.TempDir(), "plaza.db"))
		finish(t, command(t, append([]string{"serve"}, arguments...)...)).keepsSecrets(t, misused, "--smtp", "--mail-from", "both")
	}
}

// Without a public address a stranger's Host header would choose the links in mail.
func TestMailNeedsTheAddress(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "plaza.db")
	serve := command(t, "serve", "--smtp=smtp://plaza:s3cret@host", "--mail-from=plaza@example.org", "--db="+file)
	finish(t, serve).keepsSecrets(t, misused, "--smtp", "--url", "https://chat.example.org")
	if _, err := os.Stat(file); err == nil {
		t.Error("the program created a database")
	}
}

// TestMailIsSentAfterARestart checks that the site sends mail after a restart that it could not send
// before. The mail has the public address in it. The flags override their variables. The log has neither
// the password nor a member's address.
func TestMailIsSentAfterARestart(t *testing.T) {
	t.Parallel()
	server, of := mustMail(t)
	server.Stop()
	path := filepath.Join(t.TempDir(), "log")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	logged := func() string {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(log)
	}
	s := e2etest.New(t)
	s.Change = func(c *exec.Cmd) {
		with(c, "PLAZA_SMTP="+of("plaza:s3cret-no-more"), "PLAZA_MAIL_FROM=chat@example.com", "PLAZA_URL=http://chat.example.com", "PLAZA_LOG_LEVEL=debug").Stderr = file
	}
	s.Start("--mail-from", "plaza@example.com")
	ada := s.Newcomer("ada")
	asksFor(s, ada, "new@example.net")
	e2etest.Eventually(t, "the site has tried to send the mail", func() bool { return strings.Contains(logged(), "attempts=1 ") })
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	sooner := func() {
		if _, err := storetest.Beside(t, s.Database).ExecContext(t.Context(), `UPDATE jobs SET next_at = 0`); err != nil {
			t.Fatal(err)
		}
	}
	sooner()
	s.Start()
	e2etest.Eventually(t, "the password is refused", func() bool { return strings.Contains(logged(), "answers 535") })
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	sooner()
	s.Start("--smtp", of("plaza:s3cret"), "--mail-from", "plaza@example.com", "--url", "http://chat.example.net")
	e2etest.Eventually(t, "the mail is sent", func() bool { return len(server.Taken()) == 1 })
	asksFor(s, s.SignIn("ada"), "newer@example.net")
	e2etest.Eventually(t, "the next mail is sent", func() bool { return len(server.Taken()) == 2 })
	if mail := server.Taken()[1]; mail.From != "plaza@example.com" || mail.To != "newer@example.net" || mail.User != "plaza" ||
		!strings.Contains(mail.Body, "\nhttp://chat.example.net/settings/email/confirm?token=") {
		t.Errorf("the mail is %+v", mail)
	}
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	isKept(t, s.Greeting+logged())
	if strings.Contains(logged(), "@example") || strings.Contains(logged(), "token=") {
		t.Errorf("the log says\n%s", logged())
	}
}
