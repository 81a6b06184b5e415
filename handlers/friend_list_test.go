package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store"
	"plaza/store/storetest"
)

// offers returns the main button for the relation to a user on a page, if there is one, and then those of the menu,
// except for the copy of the page's address.
func (a *answer) offers() []string {
	return a.document().Find("#relation").Find("a, button").Not(".menu-button, .copy-link").Map(func(_ int, button *goquery.Selection) string {
		return strings.TrimSpace(button.Text())
	})
}

// relate presses such a button as a browser without JavaScript does.
func (b *browser) relate(path string) *answer {
	b.t.Helper()
	return b.post(path, url.Values{})
}

func (b *browser) expectOffers(path string, want ...string) {
	b.t.Helper()
	if got := b.get(path).expect(http.StatusOK).offers(); !slices.Equal(got, want) {
		b.t.Errorf("%s offers %q, not %q", path, got, want)
	}
}

// A request becomes a friendship, the friendship ends, and another request is declined.
func TestFriendship(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.expectOffers("/u/bob", "Add friend", "Block")
	ada.expectOffers("/u/ada")
	s.browse().expectOffers("/u/bob")

	ada.relate("/friends/bob/request").expect(http.StatusSeeOther).expectHeader("Location", "/u/bob")
	ada.relate("/friends/bob/request").expect(http.StatusSeeOther) // a second request changes nothing
	ada.expectOffers("/u/bob", "Cancel request", "Block")
	bob.expectOffers("/u/ada", "Accept", "Decline", "Block")
	if badge := bob.get("/").text("nav #requests-count:not([hidden])"); badge != "1 request" {
		t.Errorf("bob's navigation says %q", badge)
	}
	if page := bob.get("/friends"); page.text("#received") != "Friend requests (1)" {
		t.Errorf("bob's page is %s", page.text("main"))
	}
	ada.relate("/friends/bob/cancel").expect(http.StatusSeeOther)
	bob.relate("/friends/ada/accept").expect(http.StatusNotFound)

	ada.relate("/friends/bob/request").expect(http.StatusSeeOther)
	bob.post("/friends/ada/decline", url.Values{"next": {"/friends"}}).expect(http.StatusSeeOther).expectHeader("Location", "/friends")
	ada.expectOffers("/u/bob", "Block")
	ada.relate("/friends/bob/request").expect(http.StatusUnprocessableEntity)
	bob.expectOffers("/u/ada", "Add friend", "Block") // the one who declined may ask

	bob.relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.relate("/friends/bob/accept").expect(http.StatusSeeOther)
	for viewer, other := range map[*browser]string{ada: "bob", bob: "ada"} {
		viewer.expectOffers("/u/"+other, "Message", "Unfriend", "Block")
		if css := viewer.get("/viewer.css").body; !strings.Contains(css, `#people .person:is([href="/u/`+other+`"])`) {
			t.Errorf("%s is not marked among the people: %s", other, css)
		}
		if list := viewer.get("/friends").text(".relations"); !strings.Contains(list, other) {
			t.Errorf("%s is not among the friends: %s", other, list)
		}
	}
	eve := s.member("eve")
	if friends := eve.get("/u/ada").text(".profile-friends"); friends != "1 friend bob" {
		t.Errorf("a member reads %q", friends)
	}
	if page := s.browse().get("/u/ada"); strings.Contains(page.body, "bob") || strings.Contains(page.body, "friend") {
		t.Errorf("a visitor reads of ada's friends: %s", page.body)
	}
	ada.relate("/friends/bob/remove").expect(http.StatusSeeOther)
	bob.expectOffers("/u/ada", "Add friend", "Block")
}

// Without scripts, the browser shows the answer to the second of two clicks. It is that to the first.
func TestSecondClicks(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, cleo := s.member("ada"), s.member("bob"), s.member("cleo")
	twice := func(b *browser, path, leadsTo string, form url.Values) {
		t.Helper()
		for range 2 {
			b.post(path, form).expect(http.StatusSeeOther).expectHeader("Location", leadsTo)
		}
	}
	next := url.Values{"next": {"/friends"}}
	twice(ada, "/friends/bob/request", "/u/bob", nil)
	twice(ada, "/friends/bob/cancel", "/u/bob", nil)
	ada.relate("/friends/bob/request").expect(http.StatusSeeOther)
	twice(bob, "/friends/ada/decline", "/friends", next)
	twice(bob, "/friends/ada/request", "/u/ada", nil)
	twice(ada, "/friends/bob/accept", "/friends", next)
	ada.expectOffers("/u/bob", "Message", "Unfriend", "Block")
	// What a second click finds is not what it is for: the other one acted in between.
	bob.relate("/friends/ada/cancel").expect(http.StatusNotFound)
	bob.relate("/friends/ada/decline").expect(http.StatusNotFound)

	s.befriend(ada, cleo, "ada", "cleo")
	form := url.Values{"name": {"Market"}, "people": {"bob", "cleo"}}
	form.Set("nonce", ada.get("/groups/new").document().Find(`main [name="nonce"]`).AttrOr("value", ""))
	group := ada.post("/groups/new", form).expect(http.StatusSeeOther).Header.Get("Location")
	twice(ada, "/groups/new", group, form)
	form.Set("name", "Bazaar") // with the form of the page before
	if other := ada.post("/groups/new", form).expect(http.StatusSeeOther).Header.Get("Location"); other == group {
		t.Error("a group with another name is the same")
	}
	bob.write(strings.TrimPrefix(group, "/rooms/"), "hello").expect(http.StatusSeeOther)
	twice(bob, group+"/leave", "/dm", nil)
	bob.get(group).expect(http.StatusNotFound)
	bob.message("elsewhere", "elsewhere").expect(http.StatusNoContent)
	bob.post(group+"/leave", nil).expect(http.StatusNotFound) // not in a row

	twice(ada, "/settings/sessions/revoke", "/settings/sessions", url.Values{"id": {strings.Repeat("0", 64)}})
	twice(s.browse(), "/register", "/", registration("dora"))
	ada.post("/register", registration("dora")).expect(http.StatusUnprocessableEntity)

	twice(ada, "/friends/bob/remove", "/u/bob", nil)
	twice(ada, "/blocks/bob", "/u/bob", nil)
	twice(ada, "/blocks/bob/remove", "/u/bob", nil)
	ada.expectOffers("/u/bob", "Add friend", "Block")
}

// To htmx each answer holds the buttons that fit the relation, even if the action failed.
func TestFriendshipByFragments(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	press := func(b *browser, path string, status int) *answer {
		return b.post(path, url.Values{}, "HX-Request", "true").expect(status)
	}
	if got := press(ada, "/friends/bob/request", http.StatusOK).offers(); !slices.Equal(got, []string{"Cancel request", "Block"}) {
		t.Errorf("ada is offered %q", got)
	}
	press(ada, "/friends/bob/cancel", http.StatusOK)
	late := press(bob, "/friends/ada/accept", http.StatusNotFound)
	if got := late.offers(); !slices.Equal(got, []string{"Add friend", "Block"}) || late.text(".form-error") == "" {
		t.Errorf("bob is answered with %s", late.body)
	}
}

func TestFriendshipRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, eve := s.member("ada"), s.member("eve")
	s.member("bob")
	ada.relate("/friends/bob/request").expect(http.StatusSeeOther)
	for path, status := range map[string]int{
		"/friends/eve/request":    http.StatusUnprocessableEntity, // the viewer
		"/blocks/eve":             http.StatusUnprocessableEntity,
		"/friends/nobody/request": http.StatusNotFound,
		"/friends/%00/request":    http.StatusNotFound,
		"/friends/ada/accept":     http.StatusNotFound, // the request is from ada to bob
		"/friends/bob/accept":     http.StatusNotFound,
	} {
		if answer := eve.relate(path); answer.StatusCode != status {
			t.Errorf("%s is answered with %d, not %d", path, answer.StatusCode, status)
		}
		s.browse().relate(path).expect(http.StatusSeeOther)
	}
	form := url.Values{"next": {"https://example.org/"}}
	eve.post("/friends/ada/request", form).expect(http.StatusSeeOther).expectHeader("Location", "/")
}

// A blocked user is not told. To them it looks as if nobody answers.
func TestBlock(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, eve := s.member("ada"), s.member("eve")
	eve.relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.relate("/friends/eve/accept").expect(http.StatusSeeOther)
	before := ada.get("/").document().Find(`link[href^="/viewer.css"]`).AttrOr("href", "")
	ada.relate("/blocks/eve").expect(http.StatusSeeOther)
	ada.relate("/blocks/eve").expect(http.StatusSeeOther)
	ada.expectOffers("/u/eve", "Unblock")
	after := ada.get("/").document().Find(`link[href^="/viewer.css"]`).AttrOr("href", "")
	if before == after {
		t.Errorf("the stylesheet is still at %s", after)
	}
	if css := ada.get(after).expect(http.StatusOK).body; !strings.Contains(css, `[data-author="eve"]`) || !strings.Contains(css, "Message from someone you blocked") {
		t.Errorf("the stylesheet is %s", css)
	}
	if css := eve.get("/viewer.css").body; strings.Contains(css, "ada") {
		t.Errorf("eve's stylesheet knows of ada: %s", css)
	}
	eve.expectOffers("/u/ada", "Add friend", "Block")
	eve.relate("/friends/ada/request").expect(http.StatusSeeOther)
	eve.expectOffers("/u/ada", "Cancel request", "Block")
	if page := ada.get("/friends"); strings.Contains(page.text("main"), "eve") || page.document().Find(".badge:not([hidden])").Length() > 0 {
		t.Errorf("ada can see the block: %s", page.text("main"))
	}
	ada.relate("/friends/eve/accept").expect(http.StatusNotFound)
	ada.relate("/friends/eve/request").expect(http.StatusUnprocessableEntity)
	ada.relate("/blocks/eve/remove").expect(http.StatusSeeOther)
	ada.expectOffers("/u/eve", "Accept", "Decline", "Block")
}

// If two users act at the same moment, both see the same relation afterwards.
func TestFriendshipRaces(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	both := func(one, other string) {
		var acting sync.WaitGroup
		acting.Go(func() { ada.relate(one) })
		acting.Go(func() { bob.relate(other) })
		acting.Wait()
	}
	relations := func() (store.Relation, store.Relation) {
		var users [2]store.User
		var found [2]store.Relation
		for i, name := range []string{"ada", "bob"} {
			user, err := s.store.UserByName(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			users[i] = user
		}
		for i := range users {
			relation, err := s.store.RelationTo(t.Context(), users[i], users[1-i])
			if err != nil {
				t.Fatal(err)
			}
			found[i] = relation
		}
		return found[0], found[1]
	}
	for round := range 12 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			both("/friends/bob/request", "/friends/ada/request")
			if hers, his := relations(); !hers.Friends || !his.Friends {
				t.Fatalf("two requests that cross make %+v and %+v", hers, his)
			}
			both("/friends/bob/remove", "/friends/ada/remove")
			if hers, his := relations(); hers != (store.Relation{Closed: store.ClosedToOthers}) || his != hers {
				t.Fatalf("two that part are %+v and %+v", hers, his)
			}
			ada.relate("/friends/bob/request")
			both("/friends/bob/cancel", "/friends/ada/accept")
			if hers, his := relations(); hers != his || hers.Sent {
				t.Fatalf("what is cancelled and accepted makes %+v and %+v", hers, his)
			}
			both("/blocks/bob", "/friends/ada/request")
			hers, his := relations()
			if !hers.Blocked || hers.Friends || hers.Received || his.Friends {
				t.Fatalf("a block and a request make %+v and %+v", hers, his)
			}
			ada.relate("/blocks/bob/remove")
			bob.relate("/friends/ada/cancel")
		})
	}
}

// crowd adds accounts called crowd100001 and so on, each with a relation to ada.
func crowd(t *testing.T, address string, size int, relate string) {
	t.Helper()
	beside := storetest.Beside(t, address)
	numbers := fmt.Sprintf(`WITH RECURSIVE numbers (n) AS (SELECT 100001 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d) `, 100000+size)
	for _, statement := range []string{
		numbers + `INSERT INTO users (username, username_key, username_look, email, email_key, password_hash, role, created_at)
			SELECT 'crowd' || n, 'crowd' || n, 'crowd' || n, 'crowd' || n, 'crowd' || n, '', 'member', 0 FROM numbers`,
		relate,
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// With ten thousand friends, a profile shows some and counts all. The list of friends has all of them, in
// pages. The chat marks the latest thousand.
func TestTenThousandFriends(t *testing.T) {
	t.Parallel()
	const many, onProfile, onPage, marked = 10_000, 12, 200, 1_000
	address := storetest.MustAddress(t)
	s := open(t, onFile(t, address))
	ada, bob := s.member("ada"), s.member("bob")
	crowd(t, address, many, `INSERT INTO friends (user_id, friend_id, since) SELECT a.id, f.id, 0 FROM users a, users f WHERE a.username = 'ada' AND f.username LIKE 'crowd%'`)
	profile := bob.get("/u/ada").document().Find(".profile-friends")
	if shown, more := profile.Find(".person").Length(), profile.Find(".more").Text(); shown != onProfile || more != fmt.Sprintf("and %d more", many-onProfile) {
		t.Errorf("the profile shows %d friends %q", shown, more)
	}
	page, pages := ada.get("/friends"), 1
	for ; ; pages++ {
		if shown, title := page.document().Find(".person").Length(), page.text("#all"); shown != onPage || title != fmt.Sprintf("%d friends", many) {
			t.Fatalf("page %d has %d of %q", pages, shown, title)
		}
		next, ok := page.document().Find(`#all ~ .actions a:contains("More")`).Attr("href")
		if !ok {
			break
		}
		page = ada.get(next)
	}
	if pages != many/onPage {
		t.Errorf("there are %d pages", pages)
	}
	if css := ada.get("/viewer.css").body; strings.Count(css, "/u/crowd") != marked {
		t.Errorf("%d friends are marked", strings.Count(css, "/u/crowd"))
	}
}

// A user can block a thousand people, and is told at that limit.
func TestThousandBlocks(t *testing.T) {
	t.Parallel()
	const many = 1_000
	address := storetest.MustAddress(t)
	s := open(t, onFile(t, address))
	ada := s.member("ada")
	s.member("bob")
	crowd(t, address, many, `INSERT INTO blocks (blocker_id, blocked_id, since) SELECT a.id, b.id, 0 FROM users a, users b WHERE a.username = 'ada' AND b.username LIKE 'crowd%'`)
	if css := ada.get("/viewer.css").body; strings.Count(css, `[data-author="crowd`) != many*strings.Count(css, `[data-author="crowd100001"]`) || !strings.Contains(css, "crowd101000") {
		t.Errorf("%d authors are folded away", strings.Count(css, "data-author"))
	}
	if page := ada.relate("/blocks/bob").expect(http.StatusUnprocessableEntity); !strings.Contains(page.text("main"), "1,000 people") {
		t.Errorf("it says %s", page.text("main"))
	}
	ada.relate("/blocks/crowd100001/remove").expect(http.StatusSeeOther)
	ada.relate("/blocks/bob").expect(http.StatusSeeOther)
}

// Pages refresh these fragments by themselves: the buttons for a relation, and the lists of friends.
func TestRelationsAreFragmentsToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	bob.relate("/friends/ada/request").expect(http.StatusSeeOther)
	for path, part := range map[string]string{"/u/bob": "#relation", "/friends": "#friends"} {
		page := ada.get(path).expect(http.StatusOK).document().Find(part)
		answer := ada.get(page.AttrOr("data-hx-get", ""), "HX-Request", "true").expect(http.StatusOK)
		answer.expectFragment(part)
		if want := strings.Join(strings.Fields(page.Text()), " "); want == "" || answer.text(part) != want {
			t.Errorf("%s says %q, and its part %q", path, want, answer.text(part))
		}
	}
	answer := ada.post("/friends/bob/accept", url.Values{}, "HX-Request", "true").expect(http.StatusOK)
	if got := answer.text("[autofocus]"); got != "Message" {
		t.Errorf("the keyboard goes on from %q", got)
	}
	cleo := s.member("cleo") // a friend who takes no messages has no main button
	cleo.post("/settings/private", url.Values{"private_from": {"nobody"}}).expect(http.StatusSeeOther)
	cleo.relate("/friends/ada/request").expect(http.StatusSeeOther)
	answer = ada.post("/friends/cleo/accept", url.Values{}, "HX-Request", "true").expect(http.StatusOK)
	if got := answer.text(`[autofocus][tabindex="-1"]`); got != "You are friends. cleo does not accept private messages." {
		t.Errorf("without a main button, the keyboard goes on from %q", got)
	}
}
