package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store"
	"plaza/store/storetest"
)

// An answer reports all mistakes in a form at once.
func TestFormsReportAllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("bob").relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.relate("/friends/bob/accept").expect(http.StatusSeeOther)
	const differ, short = "The two passwords differ: please type the same one twice.", "A password has at least 8 characters."
	const wrong, whole = "This is not your password. Please type it again.", ""
	type said map[string]string // sentences by field; "" for the form as a whole
	for name, test := range map[string]struct {
		path string
		form url.Values
		said said
	}{
		"an account of which all is wrong": {
			"/register",
			url.Values{"username": {"a"}, "email": {"ada"}, "password": {"short"}, "password_confirm": {"other"}},
			said{
				whole: "Please correct what is marked below.", "username": "A username has 2 to 32 characters.",
				"email": "Please give an email address such as ada@example.org.", "password": short, "password_confirm": differ,
			},
		},
		"an account of which all is taken": {
			"/register", filled(registration("ada"), "password", "password1"),
			said{
				whole: "Please correct what is marked below.", "username": "This username is taken: please choose another.",
				"email":    "This email already has an account: sign in instead?",
				"password": "This is one of the commonest passwords: please choose another.", "password_confirm": differ,
			},
		},
		"a password": {
			"/settings/password",
			url.Values{"current_password": {"not the password"}, "password": {"short"}, "password_confirm": {"other"}},
			said{"current_password": wrong, "password": short, "password_confirm": differ},
		},
		"a new password only": {
			"/settings/password",
			url.Values{"current_password": {storetest.Password}, "password": {"short"}, "password_confirm": {"other"}},
			said{"password": short, "password_confirm": differ},
		},
		"no email": {
			"/settings/email",
			url.Values{"email": {"ada"}, "password": {"not the password"}},
			said{"email": "Please give an email address such as ada@example.org.", "password": wrong},
		},
		"an email that is taken": {
			"/settings/email",
			url.Values{"email": {"Bob@example.org"}, "password": {"not the password"}},
			said{"email": "This email belongs to another account: please give a different one.", "password": wrong},
		},
		"a profile": {
			"/settings/profile",
			url.Values{"display_name": {"BOB"}, "about": {strings.Repeat("x", store.MaxAboutLength+1)}},
			said{
				"display_name": "This name looks like someone else's username: please choose another.",
				"about":        "The text has at most 500 characters: please make it shorter.",
			},
		},
		"a username": {"/settings/username", url.Values{"username": {"b b"}}, said{"username": "A username has only letters, digits, and the characters _ - and . in it."}},
		"a group": {
			"/groups/new",
			url.Values{"name": {" "}, "people": {"eve", "bob"}},
			said{
				"name":   "A group has a name: what is it about, or who is in it?",
				"people": "You can only choose friends. Someone you chose is not your friend.",
			},
		},
		"private messages from an unknown choice": {"/settings/private", url.Values{"private_from": {"everybody"}}, said{whole: "Please choose who may write to you in private."}},
		"notifications of what is none": {
			"/settings/notifications",
			url.Values{"kind": {"mention", "weather"}},
			said{whole: "One of the kinds you chose does not exist. Please choose again."},
		},
		"the end of the only owner": {
			"/settings/delete",
			url.Values{"password": {"not the password"}},
			said{whole: "You own this plaza. You cannot leave it while others have accounts here.", "password": wrong},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, header := range []string{"false", "true"} {
				refused := ada.in(t).post(test.path, test.form, "HX-Request", header).expect(http.StatusUnprocessableEntity)
				got := said{}
				refused.document().Find("main .field-error, body > form .field-error").Each(func(_ int, problem *goquery.Selection) {
					got[strings.TrimSuffix(problem.AttrOr("id", ""), "-error")] = strings.TrimSpace(problem.Text())
				})
				if words := refused.document().Find("#form-error").Text(); words != "" {
					got[whole] = words
				}
				if !maps.Equal(got, test.said) {
					t.Errorf("HX-Request %s: it says\n%q\nwant\n%q", header, got, test.said)
				}
			}
		})
	}
	if got := s.accounts(); !slices.Equal(got, []string{"ada", "bob"}) {
		t.Errorf("the accounts are %q", got)
	}
	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
}

// filled returns a copy of a form with other values, given as pairs of field and value.
func filled(form url.Values, changes ...string) url.Values {
	changed := url.Values{}
	maps.Copy(changed, form)
	for i := 0; i < len(changes); i += 2 {
		changed.Set(changes[i], changes[i+1])
	}
	return changed
}

// labels maps the labels of a form to the names of their fields.
func (a *answer) labels() map[string]string {
	a.t.Helper()
	document, named := a.document(), map[string]string{}
	document.Find("form.form label").Each(func(_ int, label *goquery.Selection) {
		input := document.Find("#" + label.AttrOr("for", "nothing"))
		named[strings.TrimSpace(label.Text())] = input.AttrOr("name", "no field")
	})
	return named
}

// complaints maps the names of fields to the errors that assistive technology reads out for them.
func (a *answer) complaints() map[string]string {
	a.t.Helper()
	document, said := a.document(), map[string]string{}
	document.Find("input").Each(func(_ int, input *goquery.Selection) {
		name := input.AttrOr("name", "")
		for id := range strings.FieldsSeq(input.AttrOr("aria-describedby", "")) {
			description := document.Find("#" + id)
			if description.Length() != 1 {
				a.t.Errorf("%s is described by #%s, of which there are %d", name, id, description.Length())
			}
			if input.AttrOr("aria-invalid", "") == "true" && description.HasClass("field-error") {
				said[name] = strings.TrimSpace(description.Text())
			}
		}
		if input.AttrOr("aria-invalid", "") == "true" && said[name] == "" {
			a.t.Errorf("%s is invalid, but nothing says why", name)
		}
	})
	return said
}

// value returns the value of a field of the form.
func (a *answer) value(name string) string {
	a.t.Helper()
	return a.document().Find(`form.form input[name="`+name+`"]`).AttrOr("value", "")
}

// expectFragment fails the test unless the answer is only this element.
func (a *answer) expectFragment(selector string) {
	a.t.Helper()
	if strings.Contains(a.body, "<html") || a.document().Find("body > "+selector).Length() != 1 {
		a.t.Errorf("%s: not the fragment %s alone:\n%.600s", a.Request.URL.Path, selector, a.body)
	}
	a.expectVary()
}

// expectVary fails the test unless the answer tells caches that htmx gets another one.
func (a *answer) expectVary() {
	a.t.Helper()
	if vary := a.Header.Values("Vary"); !slices.Contains(vary, "HX-Request") {
		a.t.Errorf("%s varies by %q", a.Request.URL.Path, vary)
	}
}
