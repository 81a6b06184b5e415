package handlers_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/store/storetest"
)

const urlencoded = "application/x-www-form-urlencoded"

// expectProblem fails the test unless the answer is the page of a problem with a link, or for htmx only
// its sentence. It returns the sentence.
func (a *answer) expectProblem(status int) string {
	a.t.Helper()
	a.expect(status).expectVary()
	if a.Request.Header.Get("HX-Request") != "" {
		if strings.TrimSpace(a.body) == "" || strings.Contains(a.body, "<html") || strings.Contains(a.body, "<form") {
			a.t.Errorf("%s: not a sentence: %.300s", a.Request.URL.Path, a.body)
		}
		return a.body
	}
	if a.text("h1") == "" || a.document().Find(`main .actions a[href^="/"]`).Length() != 1 {
		a.t.Errorf("%s: no heading, or no way on", a.Request.URL.Path)
	}
	if ours := strings.Contains(a.text("h1"), "our mistake"); ours != (status == http.StatusInternalServerError) {
		a.t.Errorf("%s: whose fault status %d is, the heading %q has wrong", a.Request.URL.Path, status, a.text("h1"))
	}
	return a.text("main .lead")
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, b := range []*browser{s.browse(), s.member("ada")} {
		for _, path := range []string{"/nothing", "/u/nobody", "/u/nobody/picture", "/u/%00", "/u/%ff", "/u/a/b", "/.env", "/a%2fb"} {
			if sentence := b.get(path).expectProblem(http.StatusNotFound); sentence == "" {
				t.Errorf("%s says nothing", path)
			}
			b.get(path, "HX-Request", "true").expectProblem(http.StatusNotFound)
		}
	}
}

func TestNoSuchMethod(t *testing.T) {
	t.Parallel()
	s := open(t)
	for path, allowed := range map[string]string{"/": "GET", "/healthz": "GET", "/logout": "POST", "/u/ada": "GET", "/static/plaza.css": "GET"} {
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			answer := s.browse().send(method, path, nil)
			answer.expectProblem(http.StatusMethodNotAllowed)
			if allow := answer.Header.Get("Allow"); !strings.Contains(allow, allowed) {
				t.Errorf("%s %s allows %q", method, path, allow)
			}
		}
	}
	s.browse().get("/logout", "HX-Request", "true").expectProblem(http.StatusMethodNotAllowed)
}

// chunks hides the length of a body, so that it is sent in chunks.
type chunks struct{ io.Reader }

func TestTooLarge(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	large := strings.Repeat("x", 10<<20)
	for _, change := range changes() {
		for _, by := range [][]string{nil, {"HX-Request", "true"}} {
			ada.post(change.path, filled(change.form, "more", large), by...).expectProblem(http.StatusRequestEntityTooLarge)
			if change.form == nil {
				continue // this form is not read
			}
			headers := append([]string{"Content-Type", urlencoded}, by...)
			ada.send(http.MethodPost, change.path, chunks{strings.NewReader("body=" + large)}, headers...).
				expectProblem(http.StatusRequestEntityTooLarge)
		}
	}
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	if err := form.WriteField("login", large); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	ada.send(http.MethodPost, "/login", chunks{&parts}, "Content-Type", form.FormDataContentType()).
		expectProblem(http.StatusRequestEntityTooLarge)
	if !ada.isSignedIn() {
		t.Error("something was carried out")
	}
}

// A malformed form is the sender's mistake. The log stays quiet, and the answer quotes nothing.
func TestMalformedForms(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for name, test := range map[string]struct{ kind, body string }{
		"half an escape":         {urlencoded, "login=hushhush&password=hushhush%z"},
		"no hexadecimal":         {urlencoded, "body=%zzhushhush"},
		"semicolons":             {urlencoded, "login=hushhush;password=hushhush"},
		"parts without boundary": {"multipart/form-data", "hushhush"},
		"parts that never come":  {"multipart/form-data; boundary=x", "hushhush"},
		"half a part":            {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=login\r\n\r\nhushhush"},
		"a malformed type":       {urlencoded + "; =;", "login=hushhush"},
	} {
		t.Run(name, func(t *testing.T) {
			ada := ada.in(t)
			for _, change := range changes() {
				if change.form == nil {
					continue
				}
				refused := ada.send(http.MethodPost, change.path, strings.NewReader(test.body), "Content-Type", test.kind)
				refused.expectProblem(http.StatusBadRequest)
				if strings.Contains(refused.body, "hushhush") {
					t.Errorf("%s quotes what was sent", change.path)
				}
			}
		})
	}
	if log := s.log.String(); strings.Contains(log, "hushhush") || strings.Contains(log, "ERROR") {
		t.Errorf("the log says\n%s", log)
	}
}

// Every field refuses bytes that are not text, and none makes the server fail.
func TestFieldsThatAreNoText(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for name, bad := range map[string]string{"NUL": "ab\x00cd", "no UTF-8": "ab\xffcd", "half a character": "abcd\xe2\x82", "a surrogate": "ab\xed\xa0\x80cd"} {
		for _, test := range []struct {
			path, field string
			form        url.Values
			status      int
		}{
			{"/register", "username", registration("eve"), http.StatusUnprocessableEntity},
			{"/register", "email", registration("eve"), http.StatusUnprocessableEntity},
			{"/register", "password", registration("eve"), http.StatusUnprocessableEntity},
			{"/register", "password_confirm", registration("eve"), http.StatusUnprocessableEntity},
			{"/login", "login", credentials("ada", storetest.Password), http.StatusUnprocessableEntity},
			{"/login", "password", credentials("ada", storetest.Password), http.StatusUnprocessableEntity},
			{"/login", "next", credentials("ada", "wrong"), http.StatusUnprocessableEntity},
			{"/messages", "room", saying("hello"), http.StatusUnprocessableEntity},
			{"/messages", "body", saying("hello"), http.StatusUnprocessableEntity},
			{"/messages", "nonce", saying("hello"), http.StatusUnprocessableEntity},
			{"/messages/preview", "body", saying("hello"), http.StatusUnprocessableEntity},
			{"/messages/preview", "nonce", saying("hello"), http.StatusUnprocessableEntity},
			{"/theme", "theme", url.Values{}, http.StatusSeeOther},
			{"/theme", "next", url.Values{}, http.StatusSeeOther},
		} {
			t.Run(name+" in "+test.path+" "+test.field, func(t *testing.T) {
				ada.in(t).post(test.path, filled(test.form, test.field, bad)).expect(test.status)
			})
		}
	}
	for _, path := range []string{"/messages?room=%00", "/messages?room=1&before=%ff", "/?before=%ff", "/login?next=%ff%00", "/ws?room=%00"} {
		if answer := ada.get(path, "Origin", s.url); answer.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	if got := ada.state(); got.accounts != 1 || got.messages != 0 || got.session != "ada" {
		t.Errorf("there is now %+v", got)
	}
}
