package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// A member marks a message and all after it as unread. Other pages count them, and the room's page shows where they begin.
func TestMarkUnreadFromHere(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	private := s.pair()
	for _, room := range []string{private, "1"} {
		for _, body := range []string{"a fig", "a date", "an olive"} {
			ada.write(room, body+" in "+room).expect(http.StatusSeeOther)
		}
		bob.post("/rooms/"+room+"/read", url.Values{"seq": {"3"}}).expect(http.StatusNoContent)
	}
	page := bob.get("/messages/" + private + "/2").expect(http.StatusOK)
	bob.press(page, "Mark unread from here").expect(http.StatusSeeOther).expectHeader("Location", "/rooms/"+private)
	if got := bob.unread(); got != "2" {
		t.Errorf("bob has %s unread", got)
	}
	if left := bob.get("/rooms/"+private).document().Find("#log").AttrOr("data-left", ""); left != "2" {
		t.Errorf("bob left off at %s", left)
	}
	other := bob.connect("/ws?")
	bob.post("/messages/1/1/unread", nil, "HX-Request", "true").expect(http.StatusNoContent)
	eventually(t, "bob's other page learns it", func() bool {
		return other.document().Find(`hx-partial[data-hx-swap="inbox"] [data-read="0"] #public-count:contains("3")`).Length() > 0
	})
	if got := bob.get("/friends").publicUnread(); got != "3, • Friends · plaza" {
		t.Errorf("bob's page says %q", got)
	}
	for path, status := range map[string]int{
		"/messages/" + private + "/2/unread": http.StatusNotFound, "/messages/999/2/unread": http.StatusNotFound,
		"/messages/1/9/unread": http.StatusNotFound, "/messages/1/x/unread": http.StatusNotFound,
	} {
		eve.post(path, nil).expect(status)
	}
	s.browse().post("/messages/1/1/unread", nil).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
}
