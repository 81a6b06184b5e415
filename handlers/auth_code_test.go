package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// protected makes the account of ada, whose second step of signing in is on.
func (s *site) protected() (secret string, recoveryCodes []string) {
	s.t.Helper()
	return storetest.MustTurnOnTwoStep(s.t, s.store, storetest.MustUser(s.t, s.store, "ada"))
}

// passes sends the right password of ada, whose second step is on.
func (b *browser) passes() *browser {
	b.t.Helper()
	answer := b.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); !strings.HasPrefix(to, "/login/code?") {
		b.t.Fatalf("the password leads to %s", to)
	}
	return b
}

// sends sends a code as the second step of signing in.
func (b *browser) sends(code string) *answer {
	b.t.Helper()
	return b.post("/login/code", url.Values{"code": {code}})
}

const signInAgain = "/login?again=1&next="

func TestTwoStepSignIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	secret, _ := s.protected()
	ada := s.browse()
	begun := ada.post("/login", filled(credentials("ada", storetest.Password), "next", "/u/ada?x=1")).expect(http.StatusSeeOther).
		expectHeader("Location", "/login/code?next=%2Fu%2Fada%3Fx%3D1")
	for _, cookie := range begun.Cookies() {
		if cookie.Name != "plaza-code" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 600 {
			t.Errorf("a cookie is %v", cookie)
		}
	}
	if ada.isSignedIn() {
		t.Fatal("the password alone signs in")
	}
	page := ada.get(begun.Header.Get("Location")).expect(http.StatusOK)
	if got := page.labels(); !maps.Equal(got, map[string]string{"Code": "code"}) || page.value("next") != "/u/ada?x=1" {
		t.Errorf("the fields are %v, next is %q", got, page.value("next"))
	}
	wrong := ada.post("/login/code", url.Values{"code": {"000 000"}, "next": {"/u/ada?x=1"}}).expect(http.StatusUnprocessableEntity)
	if wrong.text("#code-error") == "" || wrong.value("next") != "/u/ada?x=1" || strings.Contains(wrong.body, "000 000") {
		t.Errorf("it says %s", wrong.body)
	}
	ada.post("/login/code", url.Values{"code": {"1"}}, "HX-Request", "true").expect(http.StatusUnprocessableEntity).expectFragment("form#sign-in-code")
	code := storetest.MustNextCode(t, secret)
	ada.post("/login/code", url.Values{"code": {code}, "next": {"//evil.example"}}).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if !ada.isSignedIn() {
		t.Error("the code does not sign in")
	}
	ada.get("/login/code").expect(http.StatusSeeOther) // it has ended
	s.browse().passes().sends(code).expect(http.StatusUnprocessableEntity)

	// The password of somebody else's half-finished sign-in is of no use, and the session of before ends with the new one.
	before := ada.token()
	ada.passes()
	if !s.admits(before) {
		t.Error("the password alone ends the session")
	}
}

func TestTwoStepSignInByHTMX(t *testing.T) {
	t.Parallel()
	s := open(t)
	secret, _ := s.protected()
	ada := s.browse()
	ada.post("/login", credentials("ada", storetest.Password), "HX-Request", "true").expect(http.StatusOK).
		expectHeader("HX-Redirect", "/login/code?next=%2F").expectVary()
	ada.post("/login/code", url.Values{"code": {storetest.MustNextCode(t, secret)}, "next": {"/friends"}}, "HX-Request", "true").
		expect(http.StatusOK).expectHeader("HX-Redirect", "/friends")
	if !ada.isSignedIn() {
		t.Error("not signed in")
	}
}

// The session of before ends with the sign-in, as it does without a second step.
func TestTwoStepSignInEndsTheSessionOfBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, recovery := s.protected()
	ada := s.browse().passes()
	ada.sends(recovery[0]).expect(http.StatusSeeOther)
	before := ada.token()
	ada.passes().sends(recovery[1]).expect(http.StatusSeeOther)
	if s.admits(before) || !ada.isSignedIn() {
		t.Error("the session of before goes on, or there is none")
	}
}

// Over HTTPS the cookie is bound to the host, and never sent over HTTP.
func TestHalfSignInCookieOverHTTPS(t *testing.T) {
	t.Parallel()
	s := open(t, behind("127.0.0.0/8"))
	s.protected()
	answer := s.browse().post("/login", credentials("ada", storetest.Password), "X-Forwarded-Proto", "https").expect(http.StatusSeeOther)
	if cookies := answer.Cookies(); len(cookies) != 1 || cookies[0].Name != "__Host-plaza-code" || !cookies[0].Secure || cookies[0].Path != "/" {
		t.Errorf("the cookies are %v", cookies)
	}
}

// A half-finished sign-in opens nothing.
func TestHalfSignInIsNoSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.protected()
	ada := s.browse().passes()
	ada.get("/settings/security").expect(http.StatusSeeOther)
	ada.post("/messages", saying("hello")).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
	ada.get("/ws", "Origin", s.url).expect(http.StatusUnauthorized)
	address, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range ada.Jar.Cookies(address) {
		if s.admits(cookie.Value) {
			t.Errorf("the cookie %s is a session", cookie.Name)
		}
	}
}

func TestHalfSignInEnds(t *testing.T) {
	t.Parallel()
	s := open(t)
	secret, _ := s.protected()
	ada := s.browse()
	for range 2 {
		ada.get("/login/code?next=/u/ada").expect(http.StatusSeeOther).expectHeader("Location", signInAgain+"%2Fu%2Fada")
		ada.sends("000000").expect(http.StatusSeeOther).expectHeader("Location", signInAgain+"%2F")
	}
	if page := ada.get(signInAgain + "%2Fu%2Fada").expect(http.StatusOK); page.text("#form-error") == "" || page.value("next") != "/u/ada" {
		t.Errorf("the page says %s", page.body)
	}
	ada.passes()
	for range store.HalfSignInFailures - 1 {
		ada.sends("0000000").expect(http.StatusUnprocessableEntity)
	}
	ada.sends("0000000").expect(http.StatusSeeOther).expectHeader("Location", signInAgain+"%2F")
	ada.sends(storetest.MustNextCode(t, secret)).expect(http.StatusSeeOther).expectHeader("Location", signInAgain+"%2F")
	if ada.isSignedIn() {
		t.Error("the right code after the last wrong one signs in")
	}
}

// Wrong codes make the next guess wait longer, even for somebody who knows the password: signing in with the right
// password does not reset the count.
func TestGuessingAtCodesGetsSlower(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		secret, _ := storetest.MustTurnOnTwoStep(s.t, s.store, storetest.MustUser(s.t, s.store, "ada"))
		eve := s.from("192.0.2.66")
		tries := func() *answer { return eve.sends("0000000") }
		for range 5 {
			eve.passes()
			tries().expect(http.StatusUnprocessableEntity)
		}
		eve.passes()
		for want := time.Second; want <= 4*time.Second; want *= 2 {
			if wait := tries().expectTooMany(); wait != want {
				s.t.Errorf("it asks to wait for %v, not %v", wait, want)
			}
			time.Sleep(want)
			tries().expect(http.StatusUnprocessableEntity)
		}
		tries().expectTooMany()
		began := time.Now()
		ada := s.from("192.0.2.1").passes() // another address waits for nobody
		ada.sends(storetest.MustNextCode(s.t, secret)).expect(http.StatusSeeOther).expectHeader("Location", "/")
		if took := time.Since(began); took > 3*time.Second {
			s.t.Errorf("ada waited for %v", took)
		}
	})
}

// An account takes few guesses at its codes, even from many addresses and with the right password. The user gets in
// meanwhile: with a browser that the account knows, or by a recovery code.
func TestManyAddressesGuessAtFewCodes(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		secret, recovery := storetest.MustTurnOnTwoStep(s.t, s.store, storetest.MustUser(s.t, s.store, "ada"))
		ada := s.from("192.0.2.1").passes()
		ada.sends(storetest.MustNextCode(s.t, secret)).expect(http.StatusSeeOther)
		guesses := 0
		began := time.Now()
		for i := range 60 {
			answer := s.from(fmt.Sprintf("203.0.113.%d", i)).passes().sends("000000")
			if answer.StatusCode == http.StatusUnprocessableEntity {
				guesses++
			} else {
				answer.expectTooMany()
			}
		}
		if most := 20 + int(time.Since(began)/time.Minute); guesses > most {
			s.t.Errorf("%d codes are tried, not %d", guesses, most)
		}
		tried := false
		for i := 0; !tried; i++ { // until a stranger has taken what came back
			tried = s.from(fmt.Sprintf("203.0.113.%d", 100+i)).passes().sends("000000").StatusCode == http.StatusUnprocessableEntity
		}
		s.from("203.0.113.200").passes().sends(storetest.MustCode(s.t, secret, time.Now())).expectTooMany()
		s.from("192.0.2.7").passes().sends(recovery[0]).expect(http.StatusSeeOther).expectHeader("Location", "/")
		ada.passes().sends(storetest.MustCode(s.t, secret, time.Now())).expect(http.StatusSeeOther).expectHeader("Location", "/")
	})
}

// The user is told that a recovery code was used: by a notification, and by mail to a verified address.
func TestRecoveryCodeIsTold(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	server, withMail := mailing(t)
	s := open(t, withMail, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	_, recovery := s.protected()
	ada := s.browse().passes()
	ada.sends(strings.ToLower(recovery[3])).expect(http.StatusSeeOther)
	told := ada.get("/notifications").text("main")
	for _, words := range []string{"A recovery code was used to sign in", "Please verify your email"} {
		if !strings.Contains(told, words) {
			t.Errorf("ada is told %s", told)
		}
	}
	if left := ada.get("/settings/security").text("main"); !strings.Contains(left, "9 recovery codes") {
		t.Errorf("the page says %s", left)
	}
	if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE`); err != nil {
		t.Fatal(err)
	}
	s.browse().passes().sends(recovery[4]).expect(http.StatusSeeOther)
	mail := lastOf(t, server, 1) // the address was not verified the first time
	if mail.To != "ada@example.org" || !strings.Contains(mail.Body, "A recovery code was used") ||
		!strings.Contains(mail.Body, mailOrigin+"/settings/password") || strings.Contains(mail.Body, recovery[4]) {
		t.Errorf("the mail is %+v", mail)
	}
}

// A new password by a link in a mail is no way around the second step.
func TestResetLeavesTheSecondStepOn(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	_, withMail := mailing(t)
	s := open(t, withMail, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	s.protected()
	if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE`); err != nil {
		t.Fatal(err)
	}
	half := s.browse().passes()
	user, err := s.store.UserByName(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	var token string
	if err := s.store.AskReset(t.Context(), user, func(_ store.User, made string) store.Mail {
		token = made
		return store.Mail{To: "ada@example.org"}
	}); err != nil {
		t.Fatal(err)
	}
	const another = "another long phrase"
	ada := s.browse()
	ada.post("/reset", url.Values{"token": {token}, "password": {another}, "password_confirm": {another}}).expect(http.StatusSeeOther)
	if ada.isSignedIn() {
		t.Error("the link signs in")
	}
	ada.post("/login", credentials("ada", another)).expect(http.StatusSeeOther).expectHeader("Location", "/login/code?next=%2F")
	half.sends("000000").expect(http.StatusSeeOther).expectHeader("Location", signInAgain+"%2F")
}
