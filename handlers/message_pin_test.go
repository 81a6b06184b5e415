package handlers_test

import (
	"net/http"
	"testing"
)

// The owner pins messages of the public chat, and every reader sees them. In private rooms all members pin.
func TestPinMessages(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve") // ada owns the site
	s.befriend(ada, bob, "ada", "bob")
	private := s.pair()
	bob.write("1", "a fig").expect(http.StatusSeeOther)
	bob.write(private, "a date").expect(http.StatusSeeOther)
	offers := func(b *browser, path, verb string, want int) {
		t.Helper()
		if got := b.get(path).expect(http.StatusOK).document().Find("main form[action$='/" + verb + "']").Length(); got != want {
			t.Errorf("%s has %d forms to %s, want %d", path, got, verb, want)
		}
	}
	isListed := func(b *browser, room string, want int) {
		t.Helper()
		if got := b.get("/rooms/" + room + "/pins").expect(http.StatusOK).document().Find("#m-" + room + "-1").Length(); got != want {
			t.Errorf("%d messages are listed, want %d", got, want)
		}
		page := b.get("/rooms/" + room).expect(http.StatusOK).document()
		if got := page.Find("a[href='/rooms/" + room + "/pins']:contains('Pinned messages')").Length(); got != want {
			t.Errorf("the room has %d links to the list, want %d", got, want)
		}
	}
	isListed(bob, "1", 0)
	offers(bob, "/messages/1/1", "pin", 0)
	bob.post("/messages/1/1/pin", nil).expect(http.StatusForbidden)
	ada.press(ada.get("/messages/1/1").expect(http.StatusOK), "Pin").expect(http.StatusSeeOther).expectHeader("Location", "/rooms/1/pins")
	offers(ada, "/messages/1/1", "pin", 0)
	offers(ada, "/messages/1/1", "unpin", 1)
	isListed(eve, "1", 1)
	offers(eve, "/rooms/1/pins", "unpin", 0)
	eve.post("/messages/1/1/unpin", nil).expect(http.StatusForbidden)
	if link := eve.get("/rooms/1/pins").document().Find("main a[href='/?at=1#m-1-1']"); link.Length() != 1 {
		t.Error("the list has no link to the message")
	}
	ada.post("/messages/1/1/unpin", nil, "HX-Request", "true").expect(http.StatusNoContent)
	isListed(eve, "1", 0)

	bob.post("/messages/"+private+"/1/pin", nil).expect(http.StatusSeeOther)
	isListed(ada, private, 1)
	offers(ada, "/rooms/"+private+"/pins", "unpin", 1)
	for _, verb := range []string{"pin", "unpin"} {
		for _, room := range []string{private, "999"} {
			eve.post("/messages/"+room+"/1/"+verb, nil).expect(http.StatusNotFound)
			eve.get("/rooms/" + room + "/pins").expect(http.StatusNotFound)
		}
		ada.post("/messages/1/9/"+verb, nil).expect(http.StatusNotFound)
		ada.post("/messages/1/x/"+verb, nil).expect(http.StatusNotFound)
		s.browse().post("/messages/1/1/"+verb, nil).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
	}
	s.browse().get("/rooms/1/pins").expect(http.StatusSeeOther)
}
