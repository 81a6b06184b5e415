package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// A page has one main button that fits the relation, and a menu with the rest. A card has the same button, and
// Message. Message is offered only where the other user accepts it.
func TestMainButton(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	takes := func(from string) func() {
		return func() {
			bob.post("/settings/private", url.Values{"private_from": {from}}).expect(http.StatusSeeOther)
		}
	}
	by := func(b *browser, path string) func() { return func() { b.relate(path).expect(http.StatusSeeOther) } }
	for _, step := range []struct {
		name       string
		do         func()
		main, says string
		menu, card string
	}{
		{"a stranger", func() {}, "Add friend", "bob accepts private messages only from friends.", "Copy link, Block", "Add friend"},
		{"a stranger who takes messages", takes("anyone"), "Add friend", "", "Message, Copy link, Block", "Add friend, Message"},
		{"asked", by(ada, "/friends/bob/request"), "Cancel request", "You sent a friend request. There is no answer yet.", "Message, Copy link, Block", "Cancel request, Message"},
		{"declined", by(bob, "/friends/ada/decline"), "Message", "bob declined your friend request. You can send another one after a day.", "Copy link, Block", "Message"},
		{"declined, without messages", takes("friends"), "", "bob declined your friend request. You can send another one after a day. bob accepts private messages only from friends.", "Copy link, Block", ""},
		{"asks", by(bob, "/friends/ada/request"), "Accept", "bob sent you a friend request. bob accepts private messages only from friends.", "Decline, Copy link, Block", "Accept"},
		{"a friend", by(ada, "/friends/bob/accept"), "Message", "You are friends.", "Unfriend, Copy link, Block", "Message"},
		{"a friend without messages", takes("nobody"), "", "You are friends. bob does not accept private messages.", "Unfriend, Copy link, Block", ""},
		{"blocked", by(ada, "/blocks/bob"), "Unblock", "You have blocked bob. Their messages are hidden, and they cannot send you friend requests. They are not notified.", "Copy link", "Unblock"},
		{"no friend any more", by(ada, "/blocks/bob/remove"), "Add friend", "bob does not accept private messages.", "Copy link, Block", "Add friend"},
	} {
		step.do()
		labels := func(page *answer, within string) string {
			return strings.Join(page.document().Find(within).Map(func(_ int, one *goquery.Selection) string { return strings.TrimSpace(one.Text()) }), ", ")
		}
		page, card := ada.get("/u/bob").expect(http.StatusOK), ada.get("/u/bob/card").expect(http.StatusOK)
		for what, got := range map[string][2]string{
			"main button": {labels(page, "#relation .relation-buttons > a, #relation .relation-buttons > form"), step.main},
			"sentence":    {labels(page, "#relation .relation-now"), step.says},
			"menu":        {labels(page, "#relation .menu a, #relation .menu button"), step.menu},
			"card":        {labels(card, "#card .relation-buttons a, #card .relation-buttons button"), step.card},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: the %s is %q, want %q", step.name, what, got[0], got[1])
			}
		}
		if abouts := page.document().Find(".about").Length() + card.document().Find(".about").Length(); abouts > 0 {
			t.Errorf("%s: bob says nothing about himself, in %d elements", step.name, abouts)
		}
		if writes := page.document().Find(`#relation a[href="/dm/bob"]`).Length() > 0; writes != strings.Contains(step.main+step.menu, "Message") {
			t.Errorf("%s: there is a link to the conversation: %v", step.name, writes)
		}
	}
	own := ada.get("/u/ada").expect(http.StatusOK)
	if main, menu := own.text(`main .relation-buttons > a[href="/settings/profile"]`), own.text("main .menu"); main != "Edit profile" || menu != "Notes to yourself Copy link" {
		t.Errorf("her own page has %q and %q", main, menu)
	}
	if buttons := s.browse().get("/u/bob").document().Find("main button, main .menu").Length(); buttons > 0 {
		t.Errorf("a visitor is offered %d buttons", buttons)
	}
}

// The page of another member shows the first friends in common, and counts all. Who is blocked or was deleted is a
// friend of nobody.
func TestFriendsInCommon(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	people := map[string]*browser{}
	for _, name := range []string{"cleo", "dan", "eve", "finn", "gus", "hal", "ida"} {
		people[name] = s.member(name)
		s.befriend(ada, people[name], "ada", name)
		if name != "ida" { // who is a friend of ada only
			s.befriend(bob, people[name], "bob", name)
		}
	}
	expect := func(when string, b *browser, path, title string, want ...string) {
		t.Helper()
		page := b.get(path).expect(http.StatusOK)
		section := page.document().Find(".profile-shared")
		names := section.Find("li").Map(func(_ int, one *goquery.Selection) string { return strings.TrimSpace(one.Text()) })
		if got := section.Find("h2").Text(); got != title || !slices.Equal(names, want) {
			t.Errorf("%s: it shows %q: %q, want %q: %q", when, got, names, title, want)
		}
	}
	expect("six", ada, "/u/bob", "6 friends in common", "cleo", "dan", "eve", "finn", "gus", "and 1 more")
	expect("the other way", bob, "/u/ada", "6 friends in common", "cleo", "dan", "eve", "finn", "gus", "and 1 more")
	expect("her own page", ada, "/u/ada", "")
	expect("a visitor", s.browse(), "/u/bob", "")
	expect("a stranger to him", s.member("mei"), "/u/bob", "")
	if card := ada.get("/u/bob/card").text(".card-shared"); card != "6 friends in common" {
		t.Errorf("the card says %q", card)
	}
	ada.relate("/blocks/cleo").expect(http.StatusSeeOther)
	people["dan"].relate("/blocks/bob").expect(http.StatusSeeOther)
	expect("one blocked by her, and one who blocked him", ada, "/u/bob", "4 friends in common", "eve", "finn", "gus", "hal")
	people["eve"].post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	expect("one deleted", ada, "/u/bob", "3 friends in common", "finn", "gus", "hal")
	for _, name := range []string{"finn", "gus"} {
		bob.relate("/friends/" + name + "/remove").expect(http.StatusSeeOther)
	}
	expect("one left", ada, "/u/bob", "1 friend in common", "hal")
	ada.relate("/friends/hal/remove").expect(http.StatusSeeOther)
	expect("none", ada, "/u/bob", "")
}

// Without JavaScript, a block asks once, on a page that says what it does. The answer has the button that undoes it.
func TestBlockAsksOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, eve := s.member("ada"), s.member("eve")
	follow := func(page *answer, link string) *answer {
		t.Helper()
		return ada.get(page.document().Find(link).AttrOr("href", "")).expect(http.StatusOK)
	}
	submit := func(page *answer, form string) *answer {
		t.Helper()
		address, ok := page.document().Find(form).Attr("action")
		if !ok {
			t.Fatalf("the page has no %s", form)
		}
		return ada.get(ada.post(address, nil).expect(http.StatusSeeOther).Header.Get("Location")).expect(http.StatusOK)
	}
	asks := follow(ada.get("/u/eve"), `#relation .menu a:contains("Block")`)
	if says := asks.text("main .effects"); !strings.Contains(says, "Their messages are hidden from you.") || !strings.Contains(says, "They are not notified.") || !strings.Contains(says, "unblock") {
		t.Errorf("the page says %q", says)
	}
	ada.expectOffers("/u/eve", "Add friend", "Block") // the page alone changes nothing
	if back := follow(asks, `main a:contains("Cancel")`); !slices.Equal(back.offers(), []string{"Add friend", "Block"}) {
		t.Errorf("Cancel leads to a page with %q", back.offers())
	}
	blocked := submit(asks, `main form[action^="/blocks/"]`)
	if got := blocked.offers(); !slices.Equal(got, []string{"Unblock"}) || !strings.HasPrefix(blocked.text("#relation .relation-now"), "You have blocked eve.") {
		t.Errorf("the answer has %q and says %q", got, blocked.text("#relation"))
	}
	ada.get("/blocks/eve").expect(http.StatusSeeOther).expectHeader("Location", "/u/eve")
	if undone := submit(blocked, `#relation form[action$="/remove"]`); !slices.Equal(undone.offers(), []string{"Add friend", "Block"}) {
		t.Errorf("after that the page has %q", undone.offers())
	}
	s.befriend(ada, eve, "ada", "eve")
	if says := ada.get("/blocks/eve").text("main .effects"); !strings.Contains(says, "You are no longer friends. They are notified of that") {
		t.Errorf("of a friend the page says %q", says)
	}
	ada.get("/blocks/ada").expect(http.StatusSeeOther).expectHeader("Location", "/u/ada")
	ada.get("/blocks/nobody").expect(http.StatusNotFound)
	s.browse().get("/blocks/eve").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fblocks%2Feve")
}

// The list of friends says who is here, and when the others were, as far as they show it. It offers Message for those
// who accept it.
func TestFriendsShowPresence(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if none := ada.get("/friends"); none.document().Find(`.empty a[href="/search"]`).Length() != 1 {
		t.Errorf("without friends the page is %s", none.text("main"))
	}
	friends := map[string]*browser{}
	for _, name := range []string{"bob", "cleo", "dan", "eve"} {
		friends[name] = s.member(name)
		s.befriend(ada, friends[name], "ada", name)
	}
	friends["dan"].post("/settings/profile", url.Values{"seen_hidden": {"on"}}).expect(http.StatusSeeOther)
	friends["eve"].post("/settings/private", url.Values{"private_from": {"nobody"}}).expect(http.StatusSeeOther)
	friends["bob"].connect("/ws")
	friends["dan"].connect("/ws")
	item := func(name string) *goquery.Selection { return ada.get("/friends").document().Find("#relation-" + name) }
	eventually(t, "bob is here", func() bool { return item("bob").Find(".here-now").Length() == 1 })
	eventually(t, "dan is counted", func() bool { return strings.HasPrefix(ada.get("/").text("#online"), "3 ") })
	for name, want := range map[string]struct{ here, seen, message int }{
		"bob": {1, 0, 1}, "cleo": {0, 1, 1}, "dan": {0, 0, 1}, "eve": {0, 1, 0},
	} {
		one := item(name)
		here, seen, message := one.Find(".here-now").Length(), one.Find(".seen time").Length(), one.Find(`a[href="/dm/`+name+`"]`).Length()
		if here != want.here || seen != want.seen || message != want.message {
			t.Errorf("%s is here %d, was here %d, takes messages %d; want %+v", name, here, seen, message, want)
		}
	}
}
