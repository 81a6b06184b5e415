package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"plaza/store/storetest"
)

func TestSessionsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	signIn := func(userAgent string) *browser {
		b := s.browse()
		b.post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}, "User-Agent", userAgent).expect(http.StatusSeeOther)
		return b
	}
	phone := signIn("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
	desktop := signIn("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
	odd := signIn("<b>curl</b>")
	page := ada.get("/settings/sessions").expect(http.StatusOK)
	for _, words := range []string{"Safari on iOS", "Firefox on Linux", "This browser"} {
		if strings.Count(page.text("main"), words) != 1 {
			t.Errorf("%q is not listed: %s", words, page.text("main"))
		}
	}
	if strings.Contains(page.body, "<b>curl") || page.document().Find(".sessions li").Length() != 4 {
		t.Errorf("the list is %s", page.body)
	}
	idOf := func(words string) string {
		return page.document().Find(".sessions li").FilterFunction(func(_ int, li *goquery.Selection) bool {
			return strings.Contains(li.Text(), words)
		}).Find(`input[name="id"]`).AttrOr("value", "")
	}
	revoke := func(b *browser, id string) *answer {
		return b.post("/settings/sessions/revoke", url.Values{"id": {id}})
	}
	for _, id := range []string{"x", strings.Repeat("0", 65), idOf("Firefox") + "00", "\x00"} {
		revoke(ada, id).expect(http.StatusNotFound)
	}
	revoke(bob, idOf("Safari")).expect(http.StatusNotFound)
	if !phone.isSignedIn() {
		t.Fatal("bob signed ada's phone out")
	}
	stream := phone.connect("/ws")
	for range 2 { // a second click
		revoke(ada, idOf("Safari")).expect(http.StatusSeeOther).expectHeader("Location", "/settings/sessions")
	}
	eventually(t, "its socket is closed", func() bool { return stream.code() == websocket.StatusPolicyViolation })
	if phone.isSignedIn() || !desktop.isSignedIn() {
		t.Error("the phone, and it alone, should be signed out")
	}
	revoke(ada, "").expect(http.StatusSeeOther)
	if desktop.isSignedIn() || odd.isSignedIn() || !ada.isSignedIn() || !bob.isSignedIn() {
		t.Error("only ada's other browsers should be signed out")
	}
}

// The list says how each session was opened.
func TestSessionsSayHowTheyWereOpened(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	user, err := s.store.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	secret, recovery := storetest.MustTurnOnTwoStep(t, s.store, user)
	s.browse().passes().sends(storetest.MustNextCode(t, secret)).expect(http.StatusSeeOther)
	s.browse().passes().sends(recovery[0]).expect(http.StatusSeeOther)
	page := ada.get("/settings/sessions").text(".sessions")
	for _, words := range []string{
		"Signed in at registration.", "Signed in with the password.", "Signed in with the password and a code.",
		"Signed in with the password and a recovery code.",
	} {
		if strings.Count(page, words) != 1 {
			t.Errorf("%q is not listed: %s", words, page)
		}
	}
}
