package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store"
	"plaza/store/storetest"
)

// mailing starts an SMTP server and makes a site send its mail there.
func mailing(t *testing.T) (*smtptest.Server, func(*handlers.Config)) {
	t.Helper()
	server, err := smtptest.Start(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	smtp, err := mail.NewSMTP("smtp://127.0.0.1:"+server.Port(), "plaza@chat.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return server, func(config *handlers.Config) {
		at(mailOrigin)(config)
		config.SMTP = smtp
	}
}

// mailOrigin is the configured address of sites that send mail. Tests reach them at another one.
const mailOrigin = "http://chat.example.org"

// lastOf waits until a server has taken a number of mails, and returns the last one.
func lastOf(t *testing.T, server *smtptest.Server, mails int) smtptest.Mail {
	t.Helper()
	eventually(t, "the mail is sent", func() bool { return len(asked(server)) == mails })
	return asked(server)[mails-1]
}

const verifySubject = "Verify your email"

// asked returns the mails that a server took, but for those that verify the emails of new accounts.
func asked(server *smtptest.Server) []smtptest.Mail {
	return slices.DeleteFunc(server.Taken(), func(mail smtptest.Mail) bool { return mail.Header.Get("Subject") == verifySubject })
}

// verification waits for the mail that verifies an address, and returns the path of its link.
func verification(t *testing.T, server *smtptest.Server, address string) (path string) {
	t.Helper()
	var found []smtptest.Mail
	eventually(t, "the link is sent", func() bool {
		found = slices.DeleteFunc(server.Taken(), func(mail smtptest.Mail) bool {
			return mail.To != address || mail.Header.Get("Subject") != verifySubject
		})
		return len(found) == 1
	})
	return linkIn(t, found[0])
}

// confirm presses the button of the page that a link leads to.
func (b *browser) confirm(link string) *answer {
	b.t.Helper()
	return b.post("/settings/email/confirm", url.Values{"token": {strings.SplitAfter(link, "token=")[1]}})
}

// verifiedMember is a new member who has opened the link in the first mail.
func (s *site) verifiedMember(t *testing.T, server *smtptest.Server, username string) *browser {
	t.Helper()
	b := s.member(username)
	b.confirm(verification(t, server, username+"@example.org")).expect(http.StatusSeeOther)
	return b
}

var confirmLink = regexp.MustCompile(`(?m)^(http\S+)(/settings/email/confirm\?token=\S+)\r?$`)

// linkIn returns the path of the link in a mail.
func linkIn(t *testing.T, mail smtptest.Mail) string {
	t.Helper()
	found := confirmLink.FindStringSubmatch(mail.Body)
	if found == nil || found[1] != mailOrigin {
		t.Fatalf("there is no link to %s in %q", mailOrigin, mail.Body)
	}
	return found[2]
}

func wanting(email string) url.Values {
	return url.Values{"email": {email}, "email_hidden": {"on"}, "password": {storetest.Password}}
}

const waitsFor = ".waiting strong"

func TestEmailIsConfirmedByItsLink(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail)
	ada := s.verifiedMember(t, server, "ada")
	emailOf := func() string {
		return ada.get("/settings/email").expect(http.StatusOK).document().Find("#email").AttrOr("value", "")
	}

	ada.post("/settings/email", wanting("typo@example.net")).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email")
	if to := lastOf(t, server, 1); to.To != "typo@example.net" || !strings.Contains(to.Body, "Hello ada") {
		t.Errorf("the mail is %+v", to)
	}
	stale := linkIn(t, asked(server)[0])
	ada.post("/settings/email", wanting("new@example.net"), "HX-Request", "true").expect(http.StatusOK).expectHeader("HX-Redirect", "/settings/email")
	lastOf(t, server, 2)
	ada.post("/settings/email/again", nil).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email?again=1")
	link := linkIn(t, lastOf(t, server, 3))
	if page := ada.get("/settings/email?again=1"); page.text(waitsFor) != "new@example.net" || !strings.Contains(page.text(".waiting"), "another link") {
		t.Errorf("what waits is %q", page.text(".waiting"))
	}
	if emailOf() != "ada@example.org" {
		t.Errorf("unconfirmed, the email is %s already", emailOf())
	}

	// The link works in any browser, by its button alone.
	elsewhere := s.browse()
	for range 2 {
		page := elsewhere.get(link).expect(http.StatusOK)
		if form := page.document().Find(`main form[method="post"][action="/settings/email/confirm"]`); form.Find("button").Length() != 1 ||
			form.Find(`input[name="token"]`).AttrOr("value", "") != strings.SplitAfter(link, "token=")[1] {
			t.Fatalf("the page is %s", page.body)
		}
	}
	for _, useless := range []string{stale, link + "x", strings.SplitAfter(link, "token=")[0], "/settings/email/confirm?token=%00%ff"} {
		if page := elsewhere.get(useless).expect(http.StatusNotFound); !strings.Contains(page.text("main"), "once, within a day") {
			t.Errorf("a useless link says %s", page.text("main"))
		}
	}
	elsewhere.confirm(stale).expect(http.StatusNotFound)
	if emailOf() != "ada@example.org" {
		t.Error("looking at it changes the email")
	}
	for range 2 { // a second click
		elsewhere.confirm(link).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email/confirmed")
	}
	elsewhere.get("/settings/email/confirmed").expect(http.StatusOK)
	elsewhere.get(link).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email/confirmed")
	ada.post("/settings/email/again", nil).expect(http.StatusNotFound)
	if page := ada.get("/settings/email"); emailOf() != "new@example.net" || page.document().Find(".waiting").Length() != 0 {
		t.Errorf("confirmed, the email is %s, and the page %s", emailOf(), page.body)
	}
	if notice := lastOf(t, server, 4); notice.To != "ada@example.org" || strings.Contains(notice.Body, "new@") || !strings.Contains(notice.Body, mailOrigin+"/settings/password") {
		t.Errorf("the former address gets %+v", notice)
	}
	token := strings.SplitAfter(link, "token=")[1]
	if said := s.log.String(); strings.Contains(said, token) || strings.Contains(said, "@example") {
		t.Errorf("the log says\n%s", said)
	}
}

func TestEmailWaits(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail, limited)
	ada, bob := s.verifiedMember(t, server, "ada"), s.verifiedMember(t, server, "bob")
	for name, test := range map[string]struct{ email, password, field string }{
		"with a wrong password": {"new@example.net", "not the password", "password"},
		"for another user's":    {"Bob@example.org", storetest.Password, "email"},
		"for two":               {"new@example.net\r\nBcc: eve@example.net", storetest.Password, "email"},
	} {
		t.Run(name, func(t *testing.T) {
			form := filled(wanting(test.email), "password", test.password)
			if page := ada.in(t).post("/settings/email", form).expect(http.StatusUnprocessableEntity); page.text("#"+test.field+"-error") == "" {
				t.Errorf("nothing is said beside %s", test.field)
			}
		})
	}
	// Hiding it needs no confirmation.
	ada.post("/settings/email", url.Values{"email": {"ada@example.org"}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email")
	for path, status := range map[string]int{"/settings/email/again": http.StatusNotFound, "/settings/email/cancel": http.StatusSeeOther} {
		bob.post(path, nil).expect(status)
		s.browse().post(path, nil).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
	}
	ada.post("/settings/email", wanting("new@example.net")).expect(http.StatusSeeOther)
	if _, hides := ada.get("/settings/email").document().Find("#email_hidden").Attr("checked"); !hides {
		t.Error("what is asked beside the email has to wait too")
	}
	if page := bob.get("/settings/email"); page.document().Find(".waiting").Length() != 0 || strings.Contains(ada.get("/u/ada").body+bob.get("/u/ada").body, "new@") {
		t.Error("an email that waits is shown")
	}
	link := linkIn(t, lastOf(t, server, 1))
	ada.post("/settings/email/cancel", nil).expect(http.StatusSeeOther)
	s.browse().get(link).expect(http.StatusNotFound)
	if ada.get("/settings/email").document().Find(".waiting").Length() != 0 {
		t.Error("it waits still")
	}

	// The limit protects strangers' mailboxes.
	const enough = 10
	for asked := range enough {
		answer := ada.post("/settings/email", wanting(fmt.Sprintf("new%d@example.net", asked)))
		if answer.StatusCode == http.StatusTooManyRequests {
			if answer.text("#email-error") == "" || answer.Header.Get("Retry-After") == "" {
				t.Errorf("it says %s", answer.body)
			}
			ada.post("/settings/email/again", nil).expect(http.StatusTooManyRequests)
			return
		}
		answer.expect(http.StatusSeeOther)
		if asked == enough-1 {
			t.Errorf("%d mails were asked for", enough)
		}
	}
}

// A mailbox gets few mails, no matter who asks for them and how they spell its address. The next one can be
// asked for after some hours.
func TestMailboxGetsFewMails(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail, limited)
	spellings := []string{"victim@bücher.example", "Victim+plaza@xn--bcher-kva.example", "VICTIM@BÜCHER.example", "victim+2@bücher.example"}
	members := make([]*browser, len(spellings))
	for i := range members {
		members[i] = s.member(fmt.Sprint("ada", i))
	}
	sent := 0
	for round := range 3 {
		for i, member := range members {
			asked := member.post("/settings/email", wanting(spellings[(i+round)%len(spellings)]))
			if asked.StatusCode == http.StatusSeeOther {
				sent++
				continue
			}
			if asked.expect(http.StatusTooManyRequests); !strings.Contains(asked.text("#email-error"), "hours") {
				t.Errorf("it says %s", asked.text("#email-error"))
			}
		}
	}
	lastOf(t, server, sent)
	if sent != 3 {
		t.Errorf("the mailbox got %d mails", sent)
	}
	s.member("bob").post("/settings/email", wanting("other@bücher.example")).expect(http.StatusSeeOther)
}

// Nor does it get many mails about changes: one person may have many accounts.
func TestMailboxGetsFewMailsAboutChanges(t *testing.T) {
	t.Parallel()
	r := openRecovery(t, limited)
	const changes = 5
	for i := range changes {
		name := fmt.Sprint("twin", i)
		_, err := r.store.CreateUser(t.Context(), store.NewUser{Username: name, Email: fmt.Sprintf("twin+%d@example.net", i), Password: storetest.Password})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.execute(`UPDATE users SET email_verified = TRUE`)
	told := func() (mails int) {
		for _, mail := range r.server.Taken() {
			if strings.HasPrefix(mail.To, "twin+") {
				mails++
			}
		}
		return mails
	}
	for i := range changes {
		member, own := r.browse(), fmt.Sprintf("own%d@example.net", i)
		member.post("/login", credentials(fmt.Sprint("twin", i), storetest.Password)).expect(http.StatusSeeOther)
		member.post("/settings/email", wanting(own)).expect(http.StatusSeeOther)
		link := linkIn(t, lastOf(t, r.server, i+1+told()))
		member.confirm(link).expect(http.StatusSeeOther)
		r.asked()
		if user, err := r.store.UserByName(t.Context(), fmt.Sprint("twin", i)); err != nil || user.Email != own {
			t.Errorf("the email is %s, %v", user.Email, err)
		}
	}
	if told() != 3 {
		t.Errorf("the mailbox got %d mails", told())
	}
}

// A Host header is what a stranger likes. No mail has it.
func TestMailHasTheConfiguredAddress(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail)
	ada := s.verifiedMember(t, server, "ada")
	// The browser's own cookies are not for that host.
	here, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, cookie := range ada.Jar.Cookies(here) {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	evil := []string{"Cookie", strings.Join(cookies, "; "), "Host", "evil.example", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example"}
	ada.post("/settings/email", wanting("new@example.net"), evil...).expect(http.StatusSeeOther)
	lastOf(t, server, 1)
	ada.post("/settings/email/again", nil, evil...).expect(http.StatusSeeOther)
	link := linkIn(t, lastOf(t, server, 2))
	ada.post("/settings/email/confirm", url.Values{"token": {strings.SplitAfter(link, "token=")[1]}}, evil...).expect(http.StatusSeeOther)
	lastOf(t, server, 3)
	for _, mail := range asked(server) {
		if strings.Contains(mail.Body, "evil") || !strings.Contains(mail.Body, mailOrigin) {
			t.Errorf("the mail is %s", mail.Body)
		}
	}
}

// An email that another user takes before it is confirmed stays with that user.
func TestEmailIsTakenMeanwhile(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail)
	ada := s.member("ada")
	ada.post("/settings/email", wanting("bob@example.org")).expect(http.StatusSeeOther)
	link := linkIn(t, lastOf(t, server, 1))
	s.member("bob")
	page := ada.post("/settings/email/confirm", url.Values{"token": {strings.SplitAfter(link, "token=")[1]}}).expect(http.StatusConflict)
	if page.text("h1") != "That did not work" || !strings.Contains(page.text("main"), "belongs to another account") {
		t.Errorf("it says %s", page.text("main"))
	}
	if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.Email != "ada@example.org" {
		t.Errorf("ada has %s, %v", user.Email, err)
	}
}

// Without SMTP an email changes at once, and no page or path for links exists.
func TestEmailWithoutMail(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	ada.post("/settings/email", wanting("new@example.net")).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email")
	if page := ada.get("/settings/email"); page.document().Find("#email").AttrOr("value", "") != "new@example.net" || page.document().Find(".waiting").Length() != 0 {
		t.Errorf("the page is %s", page.body)
	}
	ada.get("/settings/email/confirm?token=x").expect(http.StatusNotFound)
	for _, path := range []string{"/settings/email/again", "/settings/email/cancel", "/settings/email/confirm"} {
		ada.post(path, nil).expect(http.StatusNotFound)
	}
}

func TestEmailChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("bob")
	const other = "lovelace@example.org"
	for _, test := range []struct {
		name, email, password, field string
	}{
		{"without the password", other, "", "password"},
		{"with a wrong one", other, "not the password", "password"},
		{"to none", "lovelace", storetest.Password, "email"},
		{"to another user's", "BOB@example.org", storetest.Password, "email"},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := ada.in(t).post("/settings/email", url.Values{"email": {test.email}, "password": {test.password}}).expect(http.StatusUnprocessableEntity)
			if page.text("#"+test.field+"-error") == "" || strings.Contains(page.body, storetest.Password) {
				t.Errorf("the form is %s", page.body)
			}
		})
	}
	if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.Email != "ada@example.org" || !user.EmailHidden {
		t.Fatalf("ada is %+v, %v", user, err)
	}
	ada.post("/settings/email", url.Values{"email": {other}, "email_hidden": {"on"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	s.browse().post("/login", url.Values{"login": {other}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
}

// A new account gets the link that verifies its email. Nothing demands that it is opened.
func TestNewEmailIsVerified(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	s := open(t, withMail)
	ada := s.member("ada")
	link := verification(t, server, "ada@example.org")
	ada.get("/").expect(http.StatusOK)
	if page := ada.get("/settings/email"); page.text(waitsFor) != "ada@example.org" || !strings.Contains(page.text(".waiting"), "to verify your email") ||
		page.document().Find(`form[action="/settings/email/cancel"]`).Length() > 0 {
		t.Errorf("what waits is %q", page.text(".waiting"))
	}
	elsewhere := s.browse()
	if page := elsewhere.get(link).expect(http.StatusOK).expectHeader("Referrer-Policy", "strict-origin"); !strings.Contains(page.text("main"), "The email of @ada is ada@example.org.") {
		t.Errorf("the page says %s", page.text("main"))
	}
	for range 2 {
		elsewhere.confirm(link).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email/confirmed")
	}
	if page := ada.get("/settings/email"); page.document().Find(".waiting").Length() > 0 || page.text("#state-mail") != "a…@example.org, verified" {
		t.Errorf("the page is %s", page.body)
	}
	if notices := ada.get("/notifications").text("#notifications"); strings.Contains(notices, "email") {
		t.Errorf("the notifications are %s", notices)
	}
	ada.post("/settings/email/again", nil).expect(http.StatusNotFound)
}

// Members from before the site could send mail are asked to verify their email when they sign in.
func TestOldEmailIsVerified(t *testing.T) {
	t.Parallel()
	r := openRecovery(t)
	r.execute(`UPDATE users SET email_verified = FALSE`)
	ada := r.browse()
	for range 2 {
		ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	}
	notices := ada.get("/notifications")
	if all := notices.document().Find(".notice"); all.Length() != 1 || !strings.Contains(all.Text(), "Please verify your email") {
		t.Fatalf("the notifications are %s", notices.text("#notifications"))
	}
	ada.post(notices.document().Find(".notice-link").AttrOr("href", ""), nil).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email")
	if page := ada.get("/settings/email"); !strings.Contains(page.text(".waiting"), "is not verified") || page.text(`.waiting form[action="/settings/email/again"] button`) != "Send the link" {
		t.Errorf("the page is %s", page.body)
	}
	ada.post("/settings/email/again", nil).expect(http.StatusSeeOther).expectHeader("Location", "/settings/email?again=1")
	ada.confirm(verification(t, r.server, "ada@example.org")).expect(http.StatusSeeOther)
	ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	if notices := ada.get("/notifications"); notices.document().Find(".notice.unread").Length() > 0 {
		t.Errorf("the notifications are %s", notices.text("#notifications"))
	}
	if len(r.server.Taken()) != 1 {
		t.Errorf("the mails are %+v", r.server.Taken())
	}
}

// A member sees that the mail server refuses mail, and can have the address verified again.
func TestRefusedEmailIsShown(t *testing.T) {
	t.Parallel()
	r := openRecovery(t)
	ada := r.browse()
	ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	r.server.Refuse(550)
	r.browse().post("/forgot", forgetting("ada")).expect(http.StatusOK)
	eventually(t, "the refusal is recorded", func() bool {
		refused, err := r.store.IsRefused(t.Context(), "ada@example.org")
		return err == nil && refused
	})
	if page := ada.get("/settings/email"); !strings.Contains(page.text(".waiting"), "Mail to ada@example.org was refused") || page.text("#state-mail") != "a…@example.org, mail is refused" {
		t.Errorf("the page is %s", page.body)
	}
	ada.post("/settings/email", wanting("typo@example.org")).expect(http.StatusSeeOther)
	eventually(t, "the refusal is recorded", func() bool { return strings.Contains(ada.get("/settings/email").text(".waiting"), "refuses mail") })
	ada.post("/settings/email/cancel", nil).expect(http.StatusSeeOther)
	r.asked()
	r.server.Refuse(0)
	r.browse().post("/forgot", forgetting("ada")).expect(http.StatusOK)
	r.asked()
	ada.post("/settings/email/again", nil).expect(http.StatusSeeOther)
	ada.confirm(verification(t, r.server, "ada@example.org")).expect(http.StatusSeeOther)
	if page := ada.get("/settings/email"); page.document().Find(".waiting").Length() > 0 || len(asked(r.server)) > 0 {
		t.Errorf("the page is %s, and the mails are %+v", page.body, asked(r.server))
	}
	r.browse().post("/forgot", forgetting("ada")).expect(http.StatusOK)
	lastOf(t, r.server, 1)
}
