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

func TestSettingsLeadToTheirParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if link := ada.get("/").document().Find(`header a[href="/settings"]`); strings.TrimSpace(link.Text()) != "Settings" {
		t.Errorf("the header's link says %q", link.Text())
	}
	ada.get("/settings").expect(http.StatusOK).document().Find("main li a").Each(func(_ int, link *goquery.Selection) {
		path := link.AttrOr("href", "")
		ada.get(path).expect(http.StatusOK)
		s.browse().get(path).expect(http.StatusSeeOther).expectHeader("Location", "/login?next="+url.QueryEscape(path))
	})
}

func TestProfileIsShownAsItWasSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("hello", "1").expect(http.StatusNoContent)
	bob.get("/").expect(http.StatusOK) // fills the cache of the page
	form := url.Values{"display_name": {"  Ada   Lovelace "}, "about": {"I **count**, with @bob.\r\n<script>alert(1)</script>"}, "role": {"owner"}, "is_owner": {"1"}}
	ada.post("/settings/profile", form).expect(http.StatusSeeOther).expectHeader("Location", "/settings/profile?saved=1")
	if note := ada.get("/settings/profile?saved=1").text(`[role="status"].saved`); note != "Saved." {
		t.Errorf("the form says %q", note)
	}
	page := bob.get("/u/ada").expect(http.StatusOK)
	if name := page.text("h1"); name != "Ada Lovelace" {
		t.Errorf("ada goes by %q", name)
	}
	about := page.document().Find(".about")
	if about.Find("strong").Text() != "count" || about.Find(`a[href="/u/bob"]`).Length() != 1 || strings.Contains(page.body, "<script>alert") {
		t.Errorf("about is %s", page.body)
	}
	eventually(t, "the chat has the name too", func() bool { return bob.get("/").text("#messages article .author") == "Ada Lovelace" })
	bob.message("go on", "2").expect(http.StatusNoContent)
	if author := bob.get("/").document().Find("article .author").First().Text(); author != "Ada Lovelace" {
		t.Errorf("after another message ada goes by %q", author)
	}
}

func TestProfileRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("bob")
	for name, test := range map[string]struct{ field, displayName, about string }{
		"a name too long":         {"display_name", strings.Repeat("x", 65), ""},
		"a name that turns round": {"display_name", "ada\u202eadmin", ""},
		"a name of marks":         {"display_name", "._-", ""},
		"a name with a gap":       {"display_name", "a\u200bda", ""},
		"a name that is blank":    {"display_name", "\u2800\u3164", ""},
		"somebody's username":     {"display_name", "B\u043eb", ""},
		"no text":                 {"display_name", "a\xffb", ""},
		"too much about oneself":  {"about", "Ada", strings.Repeat("x", 501)},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"display_name": {test.displayName}, "about": {test.about}}
			for _, header := range []string{"false", "true"} {
				page := ada.in(t).post("/settings/profile", form, "HX-Request", header).expect(http.StatusUnprocessableEntity)
				if page.text("#"+test.field+"-error") == "" {
					t.Errorf("nothing is said beside %s: %s", test.field, page.body)
				}
			}
			if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.DisplayName != "" || user.About != "" {
				t.Errorf("it was kept: %+v, %v", user, err)
			}
		})
	}
}

func TestUsernameChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("hello", "1").expect(http.StatusNoContent)
	bob.message("hello @ada", "1").expect(http.StatusNoContent)
	if page := ada.post("/settings/username", url.Values{"username": {"BOB"}}).expect(http.StatusUnprocessableEntity); page.text("#username-error") == "" {
		t.Errorf("the form is %s", page.body)
	}
	ada.post("/settings/username", url.Values{"username": {"zoë"}, "user_id": {"2"}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings/username?saved=1")
	const now = "/u/zo%C3%AB"
	for _, page := range []string{"", "/picture?side=96"} {
		bob.get("/u/Ada"+page).expect(http.StatusFound).expectHeader("Location", now+page).expectHeader("Cache-Control", "no-store")
	}
	bob.relate("/friends/ada/request").expect(http.StatusSeeOther).expectHeader("Location", now)
	ada.expectOffers("/u/bob", "Accept", "Decline", "Block")

	bob.message("and again, @ada", "2").expect(http.StatusNoContent)
	eventually(t, "all that is made has the new name", func() bool {
		page := bob.get("/").document()
		return page.Find(`article[data-author="zoë"]`).Length() == 1 && page.Find(`article[data-author="ada"]`).Length() == 0
	})
	if page := bob.get("/"); page.document().Find(`.mention[href="`+now+`"]`).Length() != 1 {
		t.Errorf("the mention is not of her: %s", page.body)
	}
	css := ada.get("/viewer.css").body
	for _, name := range []string{"ada", "zoë"} {
		if !strings.Contains(css, `[data-mentions~="`+name+`"]`) {
			t.Errorf("who mentions %s does not mention her: %s", name, css)
		}
	}

	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusUnprocessableEntity)
	s.browse().post("/login", credentials("ada@example.org", storetest.Password)).expect(http.StatusSeeOther)
	for _, header := range []string{"false", "true"} {
		page := ada.post("/settings/username", url.Values{"username": {"ada"}}, "HX-Request", header).expect(http.StatusUnprocessableEntity)
		if said := page.text("#username-error"); !strings.Contains(said, "You can change your username again on") {
			t.Errorf("too soon it says %q", said)
		}
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
		{"to somebody else's", "BOB@example.org", storetest.Password, "email"},
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
	for _, id := range []string{"x", strings.Repeat("0", 64), strings.Repeat("0", 65), idOf("Firefox") + "00", "\x00"} {
		revoke(ada, id).expect(http.StatusNotFound)
	}
	revoke(bob, idOf("Safari")).expect(http.StatusNotFound)
	if !phone.isSignedIn() {
		t.Fatal("bob signed ada's phone out")
	}
	stream := phone.connect("/ws")
	revoke(ada, idOf("Safari")).expect(http.StatusSeeOther)
	eventually(t, "its socket is closed", func() bool { return stream.code() == websocket.StatusPolicyViolation })
	if phone.isSignedIn() || !desktop.isSignedIn() {
		t.Error("the phone, and it alone, should be signed out")
	}
	revoke(ada, "").expect(http.StatusSeeOther)
	if desktop.isSignedIn() || odd.isSignedIn() || !ada.isSignedIn() || !bob.isSignedIn() {
		t.Error("all others of ada's should be signed out, and nobody else")
	}
}
