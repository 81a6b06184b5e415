package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// chosen fills the registration form with a password.
func chosen(username, password string) url.Values {
	return filled(registration(username), "password", password, "password_confirm", password)
}

// accounts returns the usernames of all accounts.
func (s *site) accounts() []string {
	s.t.Helper()
	users, err := s.store.Users(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var names []string
	for _, user := range users {
		names = append(names, user.Username)
	}
	return names
}

func TestRegisterForm(t *testing.T) {
	t.Parallel()
	page := open(t).browse().get("/register").expect(http.StatusOK)
	want := map[string]string{
		"Username": "username", "Email": "email", "Password": "password", "Confirm password": "password_confirm",
	}
	if got := page.labels(); !maps.Equal(got, want) {
		t.Errorf("the fields are %v", got)
	}
	if got := page.text("form.form button"); got != "Create account" {
		t.Errorf("the button says %q", got)
	}
	if got := page.complaints(); len(got) > 0 {
		t.Errorf("an empty form complains: %v", got)
	}
}

func TestRegisterSignsIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.browse()
	ada.post("/register", registration("ada")).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if !ada.isSignedIn() {
		t.Error("who registers is not signed in")
	}
	if name := ada.get("/").text("header .own-name"); name != "ada" {
		t.Errorf("the header calls ada %q", name)
	}
}

// The first account owns the site, and no other does, whatever a form asks for.
func TestRegisterTakesNoRole(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.browse().post("/register", filled(registration("ada"), "role", "member")).expect(http.StatusSeeOther)
	s.browse().post("/register", filled(registration("bob"),
		"role", "owner", "owner", "true", "Role", "owner", "id", "1", "user_id", "1")).expect(http.StatusSeeOther)
	for name, role := range map[string]store.Role{"ada": store.Owner, "bob": store.Member} {
		if user, err := s.store.UserByName(t.Context(), name); err != nil || user.Role != role {
			t.Errorf("%s is %+v, %v", name, user, err)
		}
	}
}

func TestRegisterAccepts(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, form := range map[string]url.Values{
		"the shortest name":     registration("xy"),
		"the longest name":      filled(registration(strings.Repeat("ü", 32)), "email", "longest@example.org"),
		"all signs":             registration("a_b-c.d9"),
		"the shortest password": chosen("short", "ß8🙂#ñ ÿ_"),
		"the longest password":  chosen("long", strings.Repeat("🙂ñ", 64)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := s.in(t)
			s.browse().post("/register", form).expect(http.StatusSeeOther)
			login := url.Values{"login": form["username"], "password": form["password"]}
			s.browse().post("/login", login).expect(http.StatusSeeOther)
		})
	}
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	long := strings.Repeat("x", 250) + "@a.org"
	for _, test := range []struct {
		name   string
		form   url.Values
		fields []string // that are wrong
	}{
		{"nothing at all", url.Values{}, []string{"email", "password", "password_confirm", "username"}},
		{"everything wrong", url.Values{
			"username": {"x"}, "email": {"eve"}, "password": {"short"}, "password_confirm": {"other"},
		}, []string{"email", "password", "password_confirm", "username"}},
		{"a password without its confirmation", filled(registration("ada"), "password_confirm", ""), []string{"email", "password_confirm", "username"}},
		{"a name too short", registration("x"), []string{"username"}},
		{"a name too long", registration(strings.Repeat("x", 33)), []string{"username"}},
		{"a name with a space", filled(registration("eve"), "username", "e ve"), []string{"username"}},
		{"a name with a slash", registration("eve/picture"), []string{"username"}},
		{"a name of signs alone", filled(registration("eve"), "username", "..--__"), []string{"username"}},
		{"markup", filled(registration("eve"), "username", `"><b>eve`), []string{"username"}},
		{"right-to-left override", filled(registration("eve"), "username", "e\u202eve"), []string{"username"}},
		{"an isolate", filled(registration("eve"), "username", "e\u2066ve"), []string{"username"}},
		{"zero-width space", filled(registration("eve"), "username", "ad\u200ba"), []string{"username"}},
		{"zero-width joiner", filled(registration("eve"), "username", "ad\u200da"), []string{"username"}},
		{"byte order mark", filled(registration("eve"), "username", "\ufeffada"), []string{"username"}},
		{"soft hyphen", filled(registration("eve"), "username", "ad\u00ada"), []string{"username"}},
		{"a heap of accents", filled(registration("eve"), "username", "e\u0301\u0301\u0301ve"), []string{"username"}},
		{"a taken name", filled(registration("eve"), "username", "ada"), []string{"username"}},
		{"a taken name in capitals", filled(registration("eve"), "username", "ADA"), []string{"username"}},
		{"a taken name with space", filled(registration("eve"), "username", " ada\t"), []string{"username"}},
		{"a taken name, full width", filled(registration("eve"), "username", "ａｄａ"), []string{"username"}},
		{"a Cyrillic twin", filled(registration("eve"), "username", "аda"), []string{"username"}},
		{"a twin in capitals", filled(registration("eve"), "username", "АDA"), []string{"username"}},
		{"a taken email", filled(registration("eve"), "email", "ada@example.org"), []string{"email"}},
		{"a taken email in capitals", filled(registration("eve"), "email", "ADA@Example.org"), []string{"email"}},
		{"both taken", registration("ada"), []string{"email", "username"}},
		{"no email", filled(registration("eve"), "email", "eve"), []string{"email"}},
		{"an email with a name", filled(registration("eve"), "email", "Eve <eve@example.org>"), []string{"email"}},
		{"an email too long", filled(registration("eve"), "email", long), []string{"email"}},
		{"a password too short", chosen("eve", "ß8🙂#ñ ÿ"), []string{"password"}},
		{"a password too long", chosen("eve", strings.Repeat("x", 129)), []string{"password"}},
		{"the name as password", chosen("eavesdropper", "Eavesdropper"), []string{"password"}},
		{"a common password", chosen("eve", "PassWord1"), []string{"password"}},
		{"two passwords", filled(registration("eve"), "password_confirm", "a different phrase"), []string{"password_confirm"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			eve := s.in(t).browse()
			refused := eve.post("/register", test.form).expect(http.StatusUnprocessableEntity)
			said := refused.complaints()
			if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, test.fields) {
				t.Errorf("it complains: %q", said)
			}
			for _, kept := range []string{"username", "email"} {
				if got := refused.value(kept); got != test.form.Get(kept) {
					t.Errorf("%s is %q again, not %q", kept, got, test.form.Get(kept))
				}
			}
			if refused.value("password")+refused.value("password_confirm") != "" {
				t.Error("a password is sent back")
			}
			if password := test.form.Get("password"); len(password) > 20 && strings.Contains(refused.body, password) {
				t.Error("the password is in the page")
			}
			if len(refused.Cookies()) > 0 || eve.isSignedIn() {
				t.Error("who is refused is signed in")
			}
		})
	}
	if got := s.accounts(); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("the accounts are %q", got)
	}
}

// If two people register a name at the same moment, one gets it and the other reads why not.
func TestRegisterTheSameNameAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	var mu sync.Mutex
	var posting sync.WaitGroup
	statuses := map[int]int{}
	for range 4 {
		posting.Go(func() {
			answer := s.browse().post("/register", registration("ada"))
			mu.Lock()
			defer mu.Unlock()
			statuses[answer.StatusCode]++
		})
	}
	posting.Wait()
	want := map[int]int{http.StatusSeeOther: 1, http.StatusUnprocessableEntity: 3}
	if !maps.Equal(statuses, want) {
		t.Errorf("answers by status: %v", statuses)
	}
}

func TestRegisterByHTMX(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.browse()
	form := filled(registration("ada"), "password_confirm", "")
	refused := ada.post("/register", form, "HX-Request", "true").expect(http.StatusUnprocessableEntity)
	refused.expectFragment("form#register")
	if refused.complaints()["password_confirm"] == "" || refused.value("username") != "ada" {
		t.Errorf("the fragment is\n%s", refused.body)
	}
	ada.post("/register", form).expect(http.StatusUnprocessableEntity).expectVary()
	ada.post("/register", registration("ada"), "HX-Request", "true").
		expect(http.StatusOK).expectHeader("HX-Redirect", "/").expectVary()
	if !ada.isSignedIn() {
		t.Error("who registers is not signed in")
	}
	s.browse().post("/register", chosen("bob", storetest.Password)).expect(http.StatusSeeOther).expectVary()
}

// Robots fill in each field, also the one that people do not see. With --limits off, the site takes their accounts.
func TestRegisterOfARobot(t *testing.T) {
	t.Parallel()
	s := open(t, limited)
	s.member("ada")
	field := s.browse().get("/register").document().Find(`form.form input[name="website"]`)
	if field.AttrOr("tabindex", "") != "-1" || field.AttrOr("aria-hidden", "") != "true" || !field.HasClass("hidden-visually") {
		t.Error("people find the field")
	}
	robot := filled(registration("eve"), "website", "https://eve.example.com")
	refused := s.browse().post("/register", robot).expect(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.text("#form-error"), "fill in only what you see") || strings.Contains(refused.body, "eve.example.com") {
		t.Errorf("the form is\n%s", refused.body)
	}
	if got := s.accounts(); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("the accounts are %q", got)
	}
	open(t).browse().post("/register", robot).expect(http.StatusSeeOther)
}
