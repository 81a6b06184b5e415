package handlers_test

import (
	"cmp"
	"html"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

func credentials(login, password string) url.Values {
	return url.Values{"login": {login}, "password": {password}}
}

func TestLoginForm(t *testing.T) {
	t.Parallel()
	page := open(t).browse().get("/login?next=/u/ada").expect(http.StatusOK)
	want := map[string]string{"Username or email": "login", "Password": "password"}
	if got := page.labels(); !maps.Equal(got, want) {
		t.Errorf("the fields are %v", got)
	}
	if got := page.text("form.form button"); got != "Sign in" {
		t.Errorf("the button says %q", got)
	}
	if got := page.value("next"); got != "/u/ada" {
		t.Errorf("next is %q", got)
	}
}

func TestLoginByEitherName(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("Ada")
	for _, login := range []string{"Ada", "ada", "ADA", " ada ", "Ada@example.org", "ada@EXAMPLE.ORG"} {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			ada := s.in(t).browse()
			ada.post("/login", credentials(login, storetest.Password)).
				expect(http.StatusSeeOther).expectHeader("Location", "/").expectVary()
			if !ada.isSignedIn() {
				t.Error("not signed in")
			}
		})
	}
}

// Signing in does not tell whether an account exists: the answers differ only in the login that the form
// repeats.
func TestLoginRefusesAllAlike(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	var first *answer
	for _, test := range []struct{ name, login, password string }{
		{"wrong password", "ada", "not her password"},
		{"wrong password, by email", "ada@example.org", "not her password"},
		{"no password", "ada", ""},
		{"her password in capitals", "ada", strings.ToUpper(storetest.Password)},
		{"a password too long", "ada", strings.Repeat("x", 5000)},
		{"unknown name", "nobody", storetest.Password},
		{"unknown email", "nobody@example.org", storetest.Password},
		{"no name", "", storetest.Password},
		{"a name too long", strings.Repeat("x", 5000), storetest.Password},
		{"markup", `"><script>`, storetest.Password},
		{"SQL", "' OR 1=1 --", storetest.Password},
		{"a pattern", "%", storetest.Password},
	} {
		t.Run(test.name, func(t *testing.T) {
			eve := s.in(t).browse()
			refused := eve.post("/login", credentials(test.login, test.password)).expect(http.StatusUnprocessableEntity)
			if got := refused.value("login"); got != test.login {
				t.Errorf("login is %q again, not %q", got, test.login)
			}
			if refused.value("password") != "" || test.password != "" && strings.Contains(refused.body, test.password) {
				t.Error("the password is sent back")
			}
			if len(refused.Cookies()) > 0 || eve.isSignedIn() {
				t.Error("who is refused is signed in")
			}
			kept := `name="login" type="text" value="`
			refused.body = strings.Replace(refused.body, kept+html.EscapeString(test.login), kept, 1)
			refused.Header.Del("Date")
			first = cmp.Or(first, refused)
			if refused.body != first.body || !maps.EqualFunc(refused.Header, first.Header, slices.Equal[[]string]) {
				t.Errorf("the answer differs from the first:\n%v\n%s\n%v\n%s", refused.Header, refused.body, first.Header, first.body)
			}
		})
	}
	if got := first.text("#form-error"); got == "" {
		t.Error("nothing says what is wrong")
	}
}

// The time does not tell it either: an unknown name costs a hash, as a wrong password does. A hash takes
// most of the time and nearly all of the memory. Memory can be measured on a busy machine too.
func TestLoginCostsTheSame(t *testing.T) {
	s := open(t, withRealHashes(t))
	s.member("ada")
	cost := func(login string) uint64 {
		before := allocated()
		s.browse().post("/login", credentials(login, "not her password")).expect(http.StatusUnprocessableEntity)
		return allocated() - before
	}
	cost("nobody") // computes the hash that stands for unknown users
	const hash = 19 << 20
	for _, login := range []string{"ada", "ada@example.org", "nobody", "nobody@example.org", ""} {
		if cost := cost(login); cost < hash || cost > 2*hash {
			t.Errorf("signing in as %q takes %d kB, and a hash %d", login, cost>>10, hash>>10)
		}
	}
}

// withRealHashes makes a site hash passwords with the parameters of production.
func withRealHashes(t testing.TB) func(*handlers.Config) {
	return func(config *handlers.Config) {
		opened, err := store.Open(t.Context(), storetest.MustAddress(t), store.Serve)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = opened.Close() })
		config.Store = opened
	}
}

// allocated returns the number of bytes allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// next leads only to paths of this site, both in the form and after it.
func TestLoginGoesOnWithinTheSite(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	for next, want := range map[string]string{
		"/":                           "/",
		"/u/ada":                      "/u/ada",
		"/path?x=1&y=a b":             "/path?x=1&y=a b",
		"/path?x=1#fragment":          "/path?x=1",
		"/?before=7":                  "/?before=7",
		"/u/%D0%B0":                   "/u/%D0%B0",
		"/%0d%0aSet-Cookie:x=1":       "/%0d%0aSet-Cookie:x=1",
		"":                            "/",
		"u/ada":                       "/",
		"?next=/":                     "/",
		"//evil.example":              "/",
		"///evil.example":             "/",
		"//evil.example/..":           "/",
		`/\evil.example`:              "/",
		`\\evil.example`:              "/",
		`/\/evil.example`:             "/",
		"/\t/evil.example":            "/",
		"/\n/evil.example":            "/",
		" //evil.example":             "/",
		"\t//evil.example":            "/",
		"https://evil.example":        "/",
		"https:evil.example":          "/",
		"http:///evil.example":        "/",
		"//user@evil.example":         "/",
		"javascript:alert(1)":         "/",
		"data:text/html,hello":        "/",
		"/\r\nSet-Cookie: x=1":        "/",
		"/\x00":                       "/",
		"/%zz":                        "/",
		"//" + s.url[len("http:")+2:]: "/",
	} {
		t.Run(next, func(t *testing.T) {
			t.Parallel()
			ada := s.in(t).browse()
			if got := ada.get("/login?next=" + url.QueryEscape(next)).expect(http.StatusOK).value("next"); got != want {
				t.Errorf("the form goes on to %q", got)
			}
			form := filled(credentials("ada", storetest.Password), "next", next)
			wrong := ada.post("/login", filled(form, "password", "wrong")).expect(http.StatusUnprocessableEntity)
			if got := wrong.value("next"); got != want {
				t.Errorf("the refused form goes on to %q", got)
			}
			ada.post("/login", form).expect(http.StatusSeeOther).expectHeader("Location", want)
		})
	}
}

func TestLoginByHTMX(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	ada := s.browse()
	wrong := ada.post("/login", credentials("ada", "wrong"), "HX-Request", "true").expect(http.StatusUnprocessableEntity)
	wrong.expectFragment("form#sign-in")
	if wrong.value("login") != "ada" || wrong.text("#form-error") == "" {
		t.Errorf("the fragment is\n%s", wrong.body)
	}
	form := filled(credentials("ada", storetest.Password), "next", "/u/ada")
	ada.post("/login", form, "HX-Request", "true").expect(http.StatusOK).expectHeader("HX-Redirect", "/u/ada").expectVary()
	if !ada.isSignedIn() {
		t.Error("not signed in")
	}
}

func TestAccountPagesAreForVisitors(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for _, path := range []string{"/login", "/register", "/login?next=/u/ada"} {
		ada.get(path).expect(http.StatusSeeOther).expectHeader("Location", "/")
		ada.get(path, "HX-Request", "true").expect(http.StatusOK).expectHeader("HX-Redirect", "/")
	}
}

func TestMembersPagesAskToSignIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, test := range []struct{ name, method, path, next string }{
		{"reading", http.MethodGet, "/messages?room=1&before=9", "/messages?room=1&before=9"},
		{"styles", http.MethodGet, "/viewer.css?ada", "/viewer.css?ada"},
		{"posting", http.MethodPost, "/messages", "/"},
		{"previewing", http.MethodPost, "/messages/preview", "/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			visitor := s.in(t).browse()
			visitor.send(test.method, test.path, nil).expect(http.StatusSeeOther).
				expectHeader("Location", "/login?next="+url.QueryEscape(test.next))
			// The address of a fragment is no page to come back to.
			visitor.send(test.method, test.path, nil, "HX-Request", "true").expect(http.StatusOK).
				expectHeader("HX-Redirect", "/login?next=%2F")
		})
	}
}
