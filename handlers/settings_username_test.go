package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/store/storetest"
)

func TestUsernameChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("hello", "1").expect(http.StatusNoContent)
	bob.message("hello @ada", "1").expect(http.StatusNoContent)
	if page := ada.post("/settings/username", url.Values{"username": {"BOB"}}).expect(http.StatusUnprocessableEntity); page.text("#username-error") == "" {
		t.Errorf("the form is %s", page.body)
	}
	ada.post("/settings/username", url.Values{"username": {"zoë"}, "user_id": {"2"}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings/username")
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
