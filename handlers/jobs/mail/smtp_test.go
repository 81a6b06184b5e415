package mail_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store"
	"plaza/store/storetest"
)

func mustStart(t *testing.T, options smtptest.Options) *smtptest.Server {
	t.Helper()
	server, err := smtptest.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

func mustSMTP(t *testing.T, address string) *mail.SMTP {
	t.Helper()
	smtp, err := mail.NewSMTP(address, "plaza@chat.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return smtp
}

func letter(to string) store.Mail {
	return store.Mail{To: to, Subject: "Grüße vom Platz", Body: "Hello,\n\n" + strings.Repeat("x", 200) + "\n.\nBye — 再见\n"}
}

// jobOf returns the job that sends a mail.
func jobOf(t *testing.T, letter store.Mail) store.Job {
	t.Helper()
	payload, err := json.Marshal(letter)
	if err != nil {
		t.Fatal(err)
	}
	return store.Job{ID: 7, Kind: store.MailJob, Payload: string(payload), Attempts: 1, MadeAt: time.Now()}
}

func TestMailIsSentAsItWasWritten(t *testing.T) {
	server := mustStart(t, smtptest.Options{})
	sent := letter("ada@example.org")
	job := jobOf(t, sent)
	for range 2 {
		if err := mustSMTP(t, "smtp://127.0.0.1:"+server.Port()).Send(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	taken := server.Taken()
	if len(taken) != 2 || taken[0].From != "plaza@chat.example.org" || taken[0].To != "ada@example.org" {
		t.Fatalf("the server took %+v", taken)
	}
	header := taken[0].Header
	if got := strings.ReplaceAll(taken[0].Body, "\r\n", "\n"); strings.TrimSpace(got) != strings.TrimSpace(sent.Body) {
		t.Errorf("the body is %q", got)
	}
	if header.Get("Auto-Submitted") == "" || header.Get("User-Agent")+header.Get("X-Mailer") != "" {
		t.Errorf("the header is %v", header)
	}
	if id := header.Get("Message-Id"); id != taken[1].Header.Get("Message-Id") || !strings.HasSuffix(id, "@chat.example.org>") {
		t.Errorf("sent again it is %s, and was %s", taken[1].Header.Get("Message-Id"), id)
	}
}

// A mail with HTML has two parts, of which the text comes first: programs that show HTML take the last.
func TestMailHasTwoParts(t *testing.T) {
	t.Parallel()
	server := mustStart(t, smtptest.Options{})
	sent := letter("ada@example.org")
	sent.HTML = "<!doctype html><title>Grüße</title><p>" + strings.Repeat("再见 ", 100) + "</p>\n.\n<a href=\"https://chat.example.org/?a=1&amp;b=2\">a link</a>\n"
	if err := mustSMTP(t, "smtp://127.0.0.1:"+server.Port()).Send(t.Context(), jobOf(t, sent)); err != nil {
		t.Fatal(err)
	}
	taken := server.Taken()[0]
	for _, part := range []struct{ got, want string }{{taken.Body, sent.Body}, {taken.HTML, sent.HTML}} {
		if strings.TrimSpace(strings.ReplaceAll(part.got, "\r\n", "\n")) != strings.TrimSpace(part.want) {
			t.Errorf("a part is %q", part.got)
		}
	}
}

// Mail servers know a domain by the ASCII that DNS has for it.
func TestMailToAnInternationalDomain(t *testing.T) {
	server := mustStart(t, smtptest.Options{})
	if err := mustSMTP(t, "smtp://127.0.0.1:"+server.Port()).Send(t.Context(), jobOf(t, letter("ada@bücher.example"))); err != nil {
		t.Fatal(err)
	}
	if to := server.Taken()[0].To; to != "ada@xn--bcher-kva.example" {
		t.Errorf("it is sent to %s", to)
	}
}

// A line break in an address or a subject adds no header and no recipient.
func TestMailHasNoHeadersInjected(t *testing.T) {
	server := mustStart(t, smtptest.Options{})
	smtp := mustSMTP(t, "smtp://127.0.0.1:"+server.Port())
	for _, to := range []string{
		"ada@example.org\r\nBcc: eve@example.org", "ada@example.org\nRCPT TO:<eve@example.org>", "ada@example.org, eve@example.org",
		"\"ada\r\n\"@example.org", "ada@example.org>\r\nDATA", "",
	} {
		if err := smtp.Send(t.Context(), jobOf(t, letter(to))); !jobs.IsPermanent(err) || strings.Contains(err.Error(), "example.org") {
			t.Errorf("to %q: %v", to, err)
		}
	}
	sent := letter("ada@example.org")
	sent.Subject = "Hello\r\nBcc: eve@example.org\r\n\r\nBuy"
	if err := smtp.Send(t.Context(), jobOf(t, sent)); err != nil {
		t.Fatal(err)
	}
	taken := server.Taken()
	if len(taken) != 1 || taken[0].Header.Get("Bcc") != "" || strings.Contains(taken[0].Body, "Buy") {
		t.Errorf("the server took %+v", taken)
	}
}

// A mail that cannot be read is given up, and the error repeats nothing of it.
func TestMailThatCannotBeRead(t *testing.T) {
	t.Parallel()
	smtp := mustSMTP(t, "smtp://127.0.0.1:"+mustStart(t, smtptest.Options{}).Port())
	for _, payload := range []string{
		"", "s3cret", "null", "[]", "{}", `"s3cret"`, `{"to":7,"subject":"s3cret"}`, `{"to":"ada@example.org","body":["s3cret"]}`, `{"recipient":"s3cret@example.org"}`, `{"to":"ada@`,
	} {
		err := smtp.Send(t.Context(), store.Job{ID: 7, Kind: store.MailJob, Payload: payload, MadeAt: time.Now()})
		if !jobs.IsPermanent(err) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "@") {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

// A server that refuses a mail for good is not asked again. The error does not repeat its reply.
func TestMailIsRefused(t *testing.T) {
	t.Parallel()
	server := mustStart(t, smtptest.Options{})
	smtp := mustSMTP(t, "smtp://127.0.0.1:"+server.Port())
	for what, refuse := range map[string]func(code int){"recipient": server.Refuse, "content": server.RefuseContent} {
		for code, permanent := range map[int]bool{421: false, 450: false, 451: false, 550: true, 553: true, 554: true} {
			refuse(code)
			err := smtp.Send(t.Context(), jobOf(t, letter("ada@example.org")))
			if err == nil || jobs.IsPermanent(err) != permanent || !strings.Contains(err.Error(), fmt.Sprint("answers ", code)) || strings.Contains(err.Error(), "@") {
				t.Errorf("%s, %d: %v", what, code, err)
			}
		}
		refuse(0)
	}
	if len(server.Taken()) > 0 {
		t.Error("the mail was sent")
	}
}

// Passwords and mail go encrypted to other machines, and only to those whose certificate is valid.
func TestSMTPIsEncryptedAndAuthenticated(t *testing.T) {
	authority := storetest.MustAuthority(t)
	t.Setenv("SSL_CERT_FILE", authority.File) // read once, when the first certificate is checked
	certify := func(by *storetest.Authority) *tls.Certificate {
		certificate, err := tls.LoadX509KeyPair(by.MustSign(t, "mail"))
		if err != nil {
			t.Fatal(err)
		}
		return &certificate
	}
	known, unknown := certify(authority), certify(storetest.MustAuthority(t))
	asks := smtptest.Options{User: "ada@example.org", Password: "s3cret/?"}
	with := func(options smtptest.Options, certificate *tls.Certificate, encrypted bool) smtptest.Options {
		options.Certificate, options.Encrypted = certificate, encrypted
		return options
	}
	const user, wrong = "ada%40example.org:s3cret%2F%3F@", "ada%40example.org:s3cret-no-more@"
	// It leads to this machine, but the program takes it for another.
	const elsewhere = "0.0.0.0:"
	for _, test := range []struct {
		name      string
		server    smtptest.Options
		address   string
		encrypted bool
		fails     string
	}{
		{"by STARTTLS", with(asks, known, false), "smtp://" + user + elsewhere, true, ""},
		{"from the beginning", with(asks, known, true), "smtps://" + user + elsewhere, true, ""},
		{"from the beginning, on this machine", with(asks, known, true), "smtps://" + user + "127.0.0.1:", true, ""},
		{"without a password", with(smtptest.Options{}, known, false), "smtp://" + elsewhere, true, ""},
		{"plainly on this machine", asks, "smtp://" + user + "127.0.0.1:", false, ""},
		{"a server that encrypts nothing", asks, "smtp://" + user + elsewhere, false, "STARTTLS"},
		{"an authority that nobody knows", with(asks, unknown, false), "smtp://" + user + elsewhere, false, "certificate"},
		{"the same from the beginning", with(asks, unknown, true), "smtps://" + user + "127.0.0.1:", false, "certificate"},
		{"a wrong password", with(asks, known, false), "smtp://" + wrong + elsewhere, false, "the server answers 535"},
		{"no password", with(asks, known, false), "smtp://" + elsewhere, false, "the server answers 502"},
		{"a password nobody asks for", with(smtptest.Options{}, known, false), "smtp://" + user + elsewhere, false, "AUTH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := mustStart(t, test.server)
			err := mustSMTP(t, test.address+server.Port()).Send(t.Context(), jobOf(t, letter("bob@example.org")))
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "@") || jobs.IsPermanent(err) {
					t.Errorf("it says %v", err)
				}
				if len(server.Taken()) > 0 {
					t.Error("the mail was sent")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if taken := server.Taken(); len(taken) != 1 || taken[0].Encrypted != test.encrypted || taken[0].User != test.server.User {
				t.Errorf("the server took %+v", taken)
			}
		})
	}
}

func TestSMTPAddresses(t *testing.T) {
	for _, good := range []string{
		"smtp://host", "smtp://host:25", "smtps://host", "smtp://user:password@host:587", "smtp://[::1]:25", "smtp://u@example.org:pw@host/",
	} {
		if err := mail.CheckSMTP(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "host", "host:25", "http://host", "smtp://", "smtp://:25", "smtp://host:0", "smtp://host:65536", "smtp://host:port",
		"smtp://s3cret@host", "smtp://:s3cret@host", "smtp://u:12/s3cret@host", "smtp://u:12?s3cret@host", "smtp://u:12#s3cret@host",
		"smtp://u:s3cret%@host", "smtp://host?password=s3cret", "smtp://u:s3cret@[::1",
	} {
		if err := mail.CheckSMTP(bad); err == nil || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
