package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/handlers/jobs/mail/smtptest"
	"plaza/store"
	"plaza/store/storetest"
)

// recovery is a site that sends mail, whose member ada has a verified email.
type recovery struct {
	*site
	t       *testing.T
	server  *smtptest.Server
	address string
	mails   int // that the server took before the test
}

func openRecovery(t *testing.T, change ...func(*handlers.Config)) *recovery {
	t.Helper()
	server, withMail := mailing(t)
	address := storetest.MustAddress(t)
	r := &recovery{open(t, append([]func(*handlers.Config){onFile(t, address), withMail}, change...)...), t, server, address, 0}
	storetest.MustUser(t, r.store, "ada")
	r.execute(`UPDATE users SET email_verified = TRUE`)
	return r
}

func (r *recovery) execute(statement string) {
	r.t.Helper()
	if _, err := storetest.Beside(r.t, r.address).ExecContext(r.t.Context(), statement); err != nil {
		r.t.Fatal(err)
	}
}

// asked waits until all requests for links have been dealt with.
func (r *recovery) asked() {
	r.t.Helper()
	eventually(r.t, "the requests are dealt with", func() bool {
		return len(rows(r.t, r.address)["jobs"]) == 0
	})
}

func forgetting(login string) url.Values { return url.Values{"login": {login}} }

var resetLink = regexp.MustCompile(`(?m)^` + mailOrigin + `(/reset\?token=(\S+))\r?$`)

// link asks for a link for ada, and returns it with its token.
func (r *recovery) link() (path, token string) {
	r.t.Helper()
	r.browse().post("/forgot", forgetting("ada")).expect(http.StatusOK)
	r.mails++
	sent := lastOf(r.t, r.server, r.mails)
	found := resetLink.FindStringSubmatch(sent.Body)
	if found == nil || sent.To != "ada@example.org" {
		r.t.Fatalf("the mail to %s says %q", sent.To, sent.Body)
	}
	if !strings.Contains(sent.HTML, `href="`+mailOrigin+found[1]+`"`) || strings.Contains(sent.HTML, "src=") {
		r.t.Errorf("the HTML is %s", sent.HTML)
	}
	return found[1], found[2]
}

func resetting(token, password string) url.Values {
	return url.Values{"token": {token}, "password": {password}, "password_confirm": {password}}
}

func TestForgottenPasswordIsReset(t *testing.T) {
	t.Parallel()
	r := openRecovery(t)
	signedIn := r.browse()
	signedIn.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	elsewhere := r.browse()
	if leads := elsewhere.get("/login").document().Find(`a[href="/forgot"]`).Length(); leads != 1 {
		t.Error("no link leads there")
	}
	elsewhere.get("/forgot").expect(http.StatusOK)
	path, token := r.link()

	// Programs that scan mail open the link too.
	for range 2 {
		before := rows(t, r.address)
		page := elsewhere.get(path).expect(http.StatusOK).expectHeader("Referrer-Policy", "strict-origin").expectHeader("Cache-Control", "no-store")
		if form := page.document().Find(`main form[method="post"][action="/reset"]`); form.Find(`input[name="token"]`).AttrOr("value", "") != token ||
			form.Find(`input[name="username"]`).AttrOr("value", "") != "ada" || form.Find("button").Length() != 1 {
			t.Fatalf("the page is %s", page.body)
		}
		if changed := differing(before, rows(t, r.address)); len(changed) > 0 {
			t.Errorf("looking at it changes %q", changed)
		}
	}
	for name, form := range map[string]url.Values{
		"password": resetting(token, "short"), "password_confirm": filled(resetting(token, "another long phrase"), "password_confirm", "something else"),
	} {
		for _, htmx := range []string{"false", "true"} {
			page := elsewhere.post("/reset", form, "HX-Request", htmx).expect(http.StatusUnprocessableEntity)
			if page.complaints()[name] == "" || page.value("token") != token || strings.Contains(page.body, "another long phrase") {
				t.Errorf("%s: the form is %s", name, page.body)
			}
		}
	}
	signedIn.get("/settings").expect(http.StatusOK)

	done := elsewhere.post("/reset", resetting(token, "another long phrase")).expect(http.StatusSeeOther).expectHeader("Location", "/login?reset=1")
	if len(done.Cookies()) > 0 {
		t.Errorf("it sets the cookies %v", done.Cookies())
	}
	if page := elsewhere.get("/login?reset=1"); page.text("main [role=status]") != "Your password is changed. Sign in with the new one." {
		t.Errorf("the page is %s", page.body)
	}
	signedIn.get("/settings").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fsettings")
	told := lastOf(t, r.server, r.mails+1)
	if told.To != "ada@example.org" || told.Header.Get("Subject") != "Your password was changed" || !strings.Contains(told.Body, mailOrigin+"/forgot") {
		t.Errorf("the owner is told %+v", told)
	}
	elsewhere.post("/login", credentials("ada", storetest.Password)).expect(http.StatusUnprocessableEntity)
	elsewhere.post("/login", credentials("ada", "another long phrase")).expect(http.StatusSeeOther)
	if notices := elsewhere.get("/notifications").text("#notifications"); !strings.Contains(notices, "Your password was changed") {
		t.Errorf("the notifications are %s", notices)
	}

	for _, useless := range []string{token, token + "x", "", "%00%ff"} {
		for _, answer := range []*answer{elsewhere.get("/reset?token=" + useless), elsewhere.post("/reset", resetting(useless, "a third long phrase"))} {
			if says := answer.expect(http.StatusNotFound).text("main"); !strings.Contains(says, "once, within 30 minutes") || answer.document().Find(`main a[href="/forgot"]`).Length() != 1 {
				t.Errorf("a useless link says %s", says)
			}
		}
	}
	elsewhere.post("/reset", resetting(token, "a third long phrase"), "HX-Request", "true").expect(http.StatusNotFound).expectFragment("div")
	if said := r.log.String(); strings.Contains(said, token) || strings.Contains(said, "@example") {
		t.Errorf("the log says\n%s", said)
	}
}

// The answer is the same for every login, and so is what the request writes before it is answered.
func TestForgottenPasswordTellsNothing(t *testing.T) {
	t.Parallel()
	u := unplugged(t) // no job runs
	eve := storetest.MustUser(t, u.store, "eve")
	if _, err := u.store.DeleteAccount(t.Context(), eve, false); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Beside(t, u.address).ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE WHERE username = 'ada'`); err != nil {
		t.Fatal(err)
	}
	first, before := map[string]string{}, rows(t, u.address) // the answers about the first login, and what is stored
	for _, login := range []string{"ada", "ada@example.org", "bob", "bob@example.org", "eve", "nobody", "nobody@example.org", "", strings.Repeat("x", 10_000)} {
		for _, htmx := range []string{"", "true"} {
			request := httptest.NewRequest(http.MethodPost, "/forgot", strings.NewReader(forgetting(login).Encode()))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("HX-Request", htmx)
			answered := httptest.NewRecorder()
			u.ServeHTTP(answered, request)
			if first[htmx] == "" {
				first[htmx] = answered.Body.String()
			}
			if answered.Code != http.StatusOK || answered.Body.String() != first[htmx] {
				t.Errorf("%.20q: the answer is %d\n%s", login, answered.Code, answered.Body)
			}
			after := rows(t, u.address)
			if changed := differing(before, after); !slices.Equal(changed, []string{"jobs"}) || len(after["jobs"]) != len(before["jobs"])+1 {
				t.Errorf("%.20q: it changes %q", login, changed)
			}
			before = after
		}
	}
}

// Only verified emails of accounts get a link.
func TestForgottenPasswordSendsToVerifiedEmails(t *testing.T) {
	t.Parallel()
	r := openRecovery(t)
	storetest.MustUser(t, r.store, "bob")
	for _, login := range []string{"bob", "bob@example.org", "nobody", "nobody@example.org", "ada@example.net", "", "ada@example.org, eve@example.org", "ada@example.org\r\nBcc: eve@example.org"} {
		r.browse().post("/forgot", forgetting(login)).expect(http.StatusOK)
	}
	r.asked()
	if taken := r.server.Taken(); len(taken) > 0 {
		t.Errorf("the mails are %+v", taken)
	}
	for i, login := range []string{"ada", "ADA@example.org"} {
		r.browse().post("/forgot", forgetting(login), "Host", "evil.example", "X-Forwarded-Host", "evil.example").expect(http.StatusOK)
		if sent := lastOf(t, r.server, i+1); sent.To != "ada@example.org" || strings.Contains(sent.Body, "evil") || !resetLink.MatchString(sent.Body) {
			t.Errorf("the mail is %+v", sent)
		}
	}
}

// A mailbox gets few links, no matter who asks, and for which of its accounts. The answer stays the same.
func TestForgottenPasswordSendsFewMails(t *testing.T) {
	t.Parallel()
	r := openRecovery(t, limited, behind("127.0.0.1"))
	for i := range 3 {
		_, err := r.store.CreateUser(t.Context(), store.NewUser{Username: fmt.Sprint("twin", i), Email: fmt.Sprintf("Ada+%d@example.org", i), Password: storetest.Password})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.execute(`UPDATE users SET email_verified = TRUE`)
	asked := 0
	ask := func(login string) string {
		asked++
		return r.browse().post("/forgot", forgetting(login), "X-Forwarded-For", fmt.Sprintf("192.0.2.%d", asked)).expect(http.StatusOK).text("main")
	}
	first := ask("nobody")
	for range 5 {
		if says := ask("ada"); says != first {
			t.Errorf("it says %s", says)
		}
	}
	r.asked()
	if sent := len(r.server.Taken()); sent != 3 {
		t.Errorf("the account got %d mails", sent)
	}
	for i := range 9 {
		if says := ask(fmt.Sprint("twin", i%3)); says != first {
			t.Errorf("it says %s", says)
		}
	}
	r.asked()
	if sent := len(r.server.Taken()); sent != 5 {
		t.Errorf("the mailbox got %d mails", sent)
	}
}

// One address asks for few links. It is told so, no matter which account it asks for.
func TestForgettingIsLimited(t *testing.T) {
	t.Parallel()
	r := openRecovery(t, limited)
	said := map[string]bool{}
	for i := range 10 {
		answer := r.browse().post("/forgot", forgetting([]string{"ada", "nobody"}[i%2]))
		if i < 5 {
			answer.expect(http.StatusOK)
			continue
		}
		answer.expect(http.StatusTooManyRequests)
		if answer.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to come back")
		}
		said[regexp.MustCompile(`\d+ seconds|\d+ minutes`).ReplaceAllString(answer.text("#form-error"), "N")] = true
	}
	if len(said) != 1 {
		t.Errorf("it says %q", slices.Collect(maps.Keys(said)))
	}
}

// Without mail nobody is offered a link.
func TestForgottenPasswordWithoutMail(t *testing.T) {
	t.Parallel()
	s := open(t)
	page := s.browse().get("/login")
	if page.document().Find(`a[href="/forgot"]`).Length() > 0 || !strings.Contains(page.text("main"), "The owner of this plaza can give you a new one.") {
		t.Errorf("the page says %s", page.text("main"))
	}
	for _, path := range []string{"/forgot", "/reset?token=x"} {
		s.browse().get(path).expect(http.StatusNotFound)
		s.browse().post(path, nil).expect(http.StatusNotFound)
	}
}
