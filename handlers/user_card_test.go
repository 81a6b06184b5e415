package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A card shows each member their relation to the user, and nothing that the profile hides.
func TestCard(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	ada.post("/settings/profile", url.Values{"display_name": {"Ada L"}, "about": {"Likes *numbers* and @bob. <script>"}}).expect(http.StatusSeeOther)
	read := func(b *browser) string {
		card := b.get("/u/ada/card").expect(http.StatusOK).expectHeader("Cache-Control", "no-store")
		if strings.Contains(card.body, "<html") || strings.Contains(card.body, "<script>") || strings.Contains(card.body, "example.org") {
			t.Errorf("the card is\n%s", card.body)
		}
		if card.document().Find(`#card[role="dialog"][aria-labelledby="card-name"] img[src^="/u/ada/picture?v="]`).Length() != 1 || card.document().Find(`.about a[href="/u/bob"]`).Length() != 1 {
			t.Errorf("the card lacks the picture or the mention:\n%s", card.body)
		}
		if who, about := card.text("#card .names"), card.text("#card .about"); who != "Ada L @ada" || about != "Likes numbers and @bob. <script>" {
			t.Errorf("the card is of %q and says %q", who, about)
		}
		return card.document().Find("#card .card-relation").Text()
	}
	for _, step := range []struct {
		name string
		do   func()
		b    *browser
		want string
	}{
		{"herself", func() {}, ada, ""},
		{"a member", func() {}, bob, ""},
		{"a user who asks her", func() { bob.relate("/friends/ada/request") }, bob, "You sent a friend request. There is no answer yet."},
		{"a friend", func() { ada.relate("/friends/bob/accept") }, bob, "You are friends."},
		{"a user she asks", func() { ada.relate("/friends/eve/request") }, eve, "Ada L sent you a friend request."},
		{"a user she has blocked", func() { ada.relate("/blocks/bob") }, bob, ""},
		{"a user who has blocked her", func() { eve.relate("/blocks/ada") }, eve, "You have blocked Ada L. Their messages are hidden, and they cannot send you friend requests. They are not notified."},
	} {
		step.do()
		if got := read(step.b); got != step.want {
			t.Errorf("%s reads %q, want %q", step.name, got, step.want)
		}
	}
	s.browse().get("/u/ada/card").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fu%2Fada%2Fcard")
	ada.get("/u/nobody/card").expect(http.StatusNotFound)
}
