package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/coder/websocket"

	"plaza/store/storetest"
)

func TestPasswordChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	elsewhere := s.browse()
	elsewhere.post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	here, there := ada.connect("/ws"), elsewhere.connect("/ws")
	const password = "a new long phrase"
	for _, test := range []struct {
		name, current, new, confirm, field string
	}{
		{"with a wrong one", "not the password", password, password, "current_password"},
		{"to two", storetest.Password, password, password + "s", "password_confirm"},
		{"to a short one", storetest.Password, "short", "short", "password"},
		{"to the username", storetest.Password, "ada", "ada", "password"},
	} {
		t.Run(test.name, func(t *testing.T) {
			form := url.Values{"current_password": {test.current}, "password": {test.new}, "password_confirm": {test.confirm}}
			if page := ada.in(t).post("/settings/password", form).expect(http.StatusUnprocessableEntity); page.text("#"+test.field+"-error") == "" {
				t.Errorf("nothing is said beside %s: %s", test.field, page.body)
			}
		})
	}
	if !elsewhere.isSignedIn() {
		t.Fatal("a refused change signs out")
	}
	form := url.Values{"current_password": {storetest.Password}, "password": {password}, "password_confirm": {password}}
	ada.post("/settings/password", form).expect(http.StatusSeeOther)
	eventually(t, "the other browser's socket is closed", func() bool { return there.code() == websocket.StatusPolicyViolation })
	if elsewhere.isSignedIn() || !ada.isSignedIn() || here.code() != 0 {
		t.Error("the other browser, and it alone, should be signed out")
	}
	s.browse().post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}).expect(http.StatusUnprocessableEntity)
	s.browse().post("/login", url.Values{"login": {"ada"}, "password": {password}}).expect(http.StatusSeeOther)
}

// Password managers learn which account a password of the settings belongs to.
func TestSettingsNameTheAccount(t *testing.T) {
	t.Parallel()
	ada := open(t).member("Ada")
	for path, refused := range map[string]url.Values{
		"/settings/password":    {"current_password": {"wrong"}, "username": {"eve"}},
		"/settings/email":       {"email": {"x"}, "password": {"wrong"}, "username": {"eve"}},
		"/settings/totp/begin":  {"password": {"wrong"}, "username": {"eve"}},
		"/settings/totp/remove": {"password": {"wrong"}, "code": {"000000"}, "username": {"eve"}},
		"/settings/delete":      {"password": {"wrong"}, "username": {"eve"}},
	} {
		for _, page := range []*answer{ada.get(path), ada.post(path, refused), ada.post(path, refused, "HX-Request", "true")} {
			if got := page.document().Find(`form input[type="text"][autocomplete="username"][readonly][tabindex="-1"]`).AttrOr("value", ""); got != "Ada" {
				t.Errorf("%s: the account is %q", path, got)
			}
		}
	}
}

// The settings limit guesses at the password of a signed-in browser.
func TestPasswordGuessesAreLimited(t *testing.T) {
	t.Parallel()
	s := open(t, limited)
	ada := s.member("ada")
	form := url.Values{"current_password": {"a wrong phrase"}, "password": {"a new long phrase"}, "password_confirm": {"a new long phrase"}}
	const enough = 30
	for range enough {
		if answer := ada.post("/settings/password", form); answer.StatusCode == http.StatusTooManyRequests {
			if answer.text("#current_password-error") == "" || answer.Header.Get("Retry-After") == "" {
				t.Errorf("it says %s", answer.body)
			}
			return
		}
	}
	t.Errorf("%d guesses were taken", enough)
}
