package browser

import (
	"regexp"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store/storetest"
)

// TestForgottenPassword sets a new password by the link in a mail, with and without scripts. The address of the page has
// the token, so no request may name that address, and the site must know its own form all the same.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	s := e2etest.New(t)
	s.Start("--smtp=smtp://127.0.0.1:"+server.Port(), "--mail-from=plaza@example.org", "--url="+s.URL)
	s.Join("ada")
	if _, err := storetest.Beside(t, s.Database).ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE`); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(s.URL) + `(/reset\?token=\S+?)\r?$`)
	mails := 0
	for _, test := range []struct {
		name, password string
		browse         func(t *testing.T) *tab
	}{
		{"with scripts", "another long phrase", func(t *testing.T) *tab { return browse(t, s, "422", "404") }},
		{"without", "a third long phrase", func(t *testing.T) *tab { return withoutScripts(t, s, "422", "404") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := test.browse(t)
			b.open("/login")
			b.click(`main a[href="/forgot"]`)
			b.arrives("the form is there", `document.activeElement.matches('#login')`)
			b.typeIn("ada")
			b.press(enter)
			b.eventually("the page says what happens", `document.querySelector('main [role="status"]')?.innerText.includes('a link is on its way') && !document.querySelector('#login')`)
			e2etest.Eventually(t, "the link is sent", func() bool { return len(server.Taken()) == mails+1 })
			found := link.FindStringSubmatch(server.Taken()[mails].Body)
			if found == nil {
				t.Fatalf("there is no link in %s", server.Taken()[mails].Body)
			}

			b.open(found[1])
			b.typeIn("short")
			b.press(enter)
			b.eventually("the form says what is wrong", `document.activeElement.matches('#password[aria-invalid="true"]')`)
			b.typeIn(test.password)
			b.tabTo("#password_confirm")
			b.typeIn(test.password)
			b.press(enter)
			b.arrives("the sign-in page says that it is done", `location.pathname === '/login' && document.querySelector('main .saved') && document.activeElement.matches('#login')`)
			if b.text(`document.referrer`) == s.URL+found[1] {
				t.Error("the token is in the Referer")
			}
			mails += 2 // the owner is told
			e2etest.Eventually(t, "the owner is told", func() bool { return len(server.Taken()) == mails })
			b.typeIn("ada")
			b.tabTo("#password")
			b.typeIn(test.password)
			b.press(enter)
			b.arrives("the viewer is signed in", `document.querySelector('#composer')`)

			b.open(found[1])
			b.click(`main a[href="/forgot"]`)
			b.arrives("the link leads to another one", `document.getElementById('login')`)
		})
	}
}
