package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// befriend makes friends of two people, by their forms.
func (s *site) befriend(one, other *browser, names ...string) {
	s.t.Helper()
	one.relate("/friends/" + names[1] + "/request").expect(http.StatusSeeOther)
	other.relate("/friends/" + names[0] + "/accept").expect(http.StatusSeeOther)
}

// room is the room of a page.
func (a *answer) room() string {
	a.t.Helper()
	return a.document().Find("#log").AttrOr("data-room", "none")
}

// write posts to a room as a browser without JavaScript does.
func (b *browser) write(room, body string) *answer {
	b.t.Helper()
	return b.post("/messages", url.Values{"room": {room}, "body": {body}, "nonce": {body}})
}

// unread is how many messages wait in the first conversation of a list.
func (b *browser) unread() string {
	b.t.Helper()
	return strings.TrimSuffix(b.get("/dm").expect(http.StatusOK).document().Find(".conversation .count").First().Text(), " unread")
}

func TestTalkingInPrivate(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	if says := ada.get("/dm/bob").expect(http.StatusOK).text("main .lead"); says != "bob accepts private messages only from friends." {
		t.Errorf("strangers are told %q", says)
	}
	s.befriend(ada, bob, "ada", "bob")
	page := ada.get("/dm/BOB").expect(http.StatusOK)
	room := page.room()
	if label := page.document().Find(`[role="log"]`).AttrOr("aria-label", ""); label != "bob" {
		t.Errorf("the log is labelled %q", label)
	}
	if got := bob.get("/dm/ada").expect(http.StatusOK).room(); got != room {
		t.Errorf("ada talks in room %s, bob in %s", room, got)
	}
	if list := bob.get("/dm").expect(http.StatusOK).document().Find(".conversation"); list.Length() != 0 {
		t.Error("a conversation is listed in which nothing was said")
	}
	ada.write(room, "for bob alone").expect(http.StatusSeeOther).expectHeader("Location", "/rooms/"+room)
	ada.write(room, "and more").expect(http.StatusSeeOther)
	if got := bob.get("/dm").text(".conversation"); !strings.HasPrefix(got, "ada and more") || bob.unread() != "2" {
		t.Errorf("bob's list says %q, %q unread", got, bob.unread())
	}
	if got := bob.get("/rooms/" + room).expect(http.StatusOK).text("#messages"); !strings.Contains(got, "for bob alone") {
		t.Errorf("the room says %q", got)
	}
	if bob.unread() != "2" {
		t.Error("a page that was only loaded counts as read")
	}
	bob.post("/rooms/"+room+"/read", url.Values{"seq": {"2"}}).expect(http.StatusNoContent)
	if bob.unread() != "" {
		t.Errorf("%q are unread after they were read", bob.unread())
	}
	if read := ada.get("/dm/bob").document().Find(`#room-state [data-member="bob"]`).AttrOr("data-read", ""); read != "2" {
		t.Errorf("bob has read up to %q", read)
	}

	bob.relate("/friends/ada/remove").expect(http.StatusSeeOther)
	page = ada.get("/dm/bob").expect(http.StatusOK)
	if page.document().Find("#composer").Length() != 0 || !strings.HasPrefix(page.text(".closed"), "bob accepts private messages only from friends.") ||
		!strings.Contains(page.text("#messages"), "for bob alone") {
		t.Errorf("after the friendship the page says %q", page.text("main"))
	}
	ada.write(room, "one more").expect(http.StatusUnprocessableEntity)
	ada.post("/messages", url.Values{"room": {room}, "body": {"one more"}, "nonce": {"n"}}, "HX-Request", "true").expect(http.StatusUnprocessableEntity)
	bob.post("/settings/private", url.Values{"private_from": {"anyone"}}).expect(http.StatusSeeOther)
	ada.write(room, "as you allow it").expect(http.StatusSeeOther)
	// Bob shows no receipts any more, and is shown none.
	for name, viewer := range map[string]*browser{"ada": ada, "bob": bob} {
		other := map[string]string{"ada": "bob", "bob": "ada"}[name]
		if shown := viewer.get("/rooms/" + room).document().Find(`#room-state [data-member="` + other + `"][data-read]`); shown.Length() != 0 {
			t.Errorf("%s is shown how far %s has read", name, other)
		}
	}
	bob.post("/settings/private", url.Values{"private_from": {"everybody"}}).expect(http.StatusUnprocessableEntity)
}

func TestNotebook(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	page := ada.get("/dm/ada").expect(http.StatusOK)
	ada.write(page.room(), "a note").expect(http.StatusSeeOther)
	if got := ada.get("/dm").text(".conversation"); !strings.HasPrefix(got, "Notes to yourself a note") || ada.unread() != "" {
		t.Errorf("the list says %q", got)
	}
	ada.get("/dm/nobody").expect(http.StatusNotFound)
}

// Somebody whose name is that of a page.
func TestPrivateWithSomebodyCalledNew(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if to := ada.get("/dm/new").expect(http.StatusPermanentRedirect).Header.Get("Location"); to != "/groups/new" {
		t.Errorf("the older address of the form for groups leads to %q", to)
	}
	ada.post("/dm/new", url.Values{"name": {"Market"}}).expect(http.StatusPermanentRedirect)
	other := s.member("new")
	s.befriend(ada, other, "ada", "new")
	link := ada.get("/u/new").document().Find(`main a:contains("Message")`).AttrOr("href", "")
	if name := ada.get(link).expect(http.StatusOK).text("h1"); name != "new" {
		t.Errorf("%s is the page of %q", link, name)
	}
}

func TestGroupByItsForms(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	s.befriend(ada, eve, "ada", "eve")
	refused := ada.post("/groups/new", url.Values{"name": {""}, "people": {"bob"}}).expect(http.StatusUnprocessableEntity)
	if refused.document().Find(`input[value="bob"][checked]`).Length() != 1 || refused.text("#name-error") == "" {
		t.Error("the form does not come back as it was, with what is wrong")
	}
	ada.post("/groups/new", url.Values{"name": {"Market"}}).expect(http.StatusUnprocessableEntity)
	path := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	room := strings.TrimPrefix(path, "/rooms/")
	ada.write(room, "to bob").expect(http.StatusSeeOther)
	eve.get(path).expect(http.StatusNotFound)
	ada.post(path+"/members", url.Values{"others": {"eve"}}).expect(http.StatusSeeOther)
	ada.post(path+"/name", url.Values{"name": {"Honey"}}).expect(http.StatusSeeOther)
	if got := eve.get(path).expect(http.StatusOK).text("main"); !strings.Contains(got, "Honey") || !strings.Contains(got, "eve joined") || !strings.Contains(got, "ada named the group “Honey”") || !strings.Contains(got, "to bob") {
		t.Errorf("eve reads %q", got)
	}
	if got := bob.get(path + "/members").expect(http.StatusOK).text("ul"); !strings.Contains(got, "ada bob eve") {
		t.Errorf("members are %q", got)
	}
	eve.post(path+"/leave", nil).expect(http.StatusSeeOther).expectHeader("Location", "/dm")
	eve.get(path).expect(http.StatusNotFound)
	if got := bob.get(path).text("#messages"); !strings.Contains(got, "eve left") {
		t.Errorf("bob reads %q", got)
	}
	for _, last := range []*browser{ada, bob} {
		last.post(path+"/leave", nil).expect(http.StatusSeeOther)
		last.get(path).expect(http.StatusNotFound)
	}
}

// For who is no member there is no such room: each answer is the same as for one that does not exist.
func TestPrivateRoomIsNobodyElses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	pair := ada.get("/dm/bob").room()
	group := strings.TrimPrefix(ada.post("/groups/new", url.Values{"name": {"Secret"}, "people": {"bob"}}).Header.Get("Location"), "/rooms/")
	for _, room := range []string{pair, group} {
		ada.write(room, "the secret of room "+room).expect(http.StatusSeeOther)
	}
	none := strconv.FormatInt(time.Now().UnixNano()%1e15, 10)
	form := url.Values{"seq": {"1"}, "name": {"Mine"}, "people": {"ada"}, "body": {"hello"}, "nonce": {"1"}}
	for _, request := range []struct{ method, path string }{
		{"GET", "/rooms/%s"},
		{"GET", "/rooms/%s?before=9"},
		{"GET", "/rooms/%s?at=1"},
		{"GET", "/messages?room=%s&before=9"},
		{"GET", "/ws?room=%s&after=0"},
		{"GET", "/rooms/%s/members"},
		{"POST", "/rooms/%s/members"},
		{"POST", "/rooms/%s/name"},
		{"POST", "/rooms/%s/leave"},
		{"POST", "/rooms/%s/read"},
		{"POST", "/messages?room=%s"},
	} {
		for _, htmx := range []string{"", "true"} {
			ask := func(room string) string {
				path := fmt.Sprintf(request.path, room)
				var got *answer
				if request.method == "GET" {
					got = eve.get(path, "HX-Request", htmx, "Origin", s.url)
				} else {
					form.Set("room", room)
					got = eve.post(path, form, "HX-Request", htmx)
				}
				got.Header.Del("Date")
				return fmt.Sprint(got.StatusCode, got.Header, strings.ReplaceAll(got.body, room, "ROOM"))
			}
			want := ask(none)
			if !strings.HasPrefix(want, "404") {
				t.Errorf("%s %s of no room is answered with %.200s", request.method, request.path, want)
			}
			for _, room := range []string{pair, group} {
				if got := ask(room); got != want {
					t.Errorf("%s %s of another's room is answered with\n%.300s\nand of none with\n%.300s", request.method, request.path, got, want)
				}
			}
		}
	}
	// Nor is it anywhere else.
	for _, path := range []string{"/", "/dm", "/dm/ada", "/u/ada", "/search?q=secret", "/friends", "/viewer.css", "/settings/export", "/messages?room=1&before=99"} {
		if got := eve.get(path); strings.Contains(got.body, "secret of room") || strings.Contains(got.body, "Secret") {
			t.Errorf("%s tells eve", path)
		}
	}
	if logged := s.log.String(); strings.Contains(logged, "secret") || strings.Contains(logged, pair) {
		t.Errorf("the log tells of a private room:\n%s", logged)
	}
	ada.get("/dm/bob").expectHeader("Cache-Control", "no-store").expectHeader("Referrer-Policy", "same-origin")
}

// A message that was sent before is found by its author alone, and in its own room.
func TestPrivateNonceLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := ada.get("/dm/bob").room()
	ada.write(room, "hello").expect(http.StatusSeeOther)
	ada.write(room, "hello").expect(http.StatusSeeOther) // again, as it was not sure
	ada.write("1", "hello").expect(http.StatusConflict)
	if got := bob.get("/dm/ada").document().Find("#messages article").Length(); got != 1 {
		t.Errorf("%d messages are there", got)
	}
	if got := bob.get("/").document().Find("#messages article").Length(); got != 0 {
		t.Errorf("%d messages are in the public chat", got)
	}
}

// Whoever is gone can be read still, and not be written to.
func TestPrivateWithADeletedAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := ada.get("/dm/bob").room()
	bob.write(room, "farewell").expect(http.StatusSeeOther)
	bob.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	page := ada.get("/dm").document()
	if link := page.Find(".conversation").AttrOr("href", ""); link != "/rooms/"+room {
		t.Errorf("the list leads to %q", link)
	}
	there := ada.get("/rooms/" + room).expect(http.StatusOK)
	if !strings.Contains(there.text("#messages"), "farewell") || !strings.HasPrefix(there.text(".closed"), "This account was deleted.") {
		t.Errorf("the room says %q", there.text("main"))
	}
	ada.write(room, "hello?").expect(http.StatusUnprocessableEntity)
}

// Nobody is told that they are blocked, by what stands beside a room's log.
func TestBlockIsNotTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	bob.post("/settings/private", url.Values{"private_from": {"anyone"}}).expect(http.StatusSeeOther)
	ada.write(ada.get("/dm/bob").room(), "hello").expect(http.StatusSeeOther)
	ada.relate("/friends/bob/remove").expect(http.StatusSeeOther)
	shown := func() string {
		document := bob.get("/dm/ada").document()
		state, err := document.Find("#room-state").Html()
		if err != nil {
			t.Fatal(err)
		}
		return state + document.Find(".closed").Text()
	}
	before := shown()
	ada.relate("/blocks/bob").expect(http.StatusSeeOther)
	if after := shown(); after != before || !strings.Contains(before, "data-closed") {
		t.Errorf("bob was shown %s, and is shown %s", before, after)
	}
}

// What was written to a room that was closed meanwhile is given back.
func TestClosedRoomGivesTextBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := ada.get("/dm/bob").room()
	bob.relate("/friends/ada/remove").expect(http.StatusSeeOther)
	for path, status := range map[string]int{"/messages": http.StatusUnprocessableEntity, "/messages/preview": http.StatusOK} {
		page := ada.post(path, url.Values{"room": {room}, "body": {"an hour's work"}, "nonce": {"n"}}).expect(status)
		if got := page.document().Find("textarea[readonly]").Text(); got != "an hour's work" {
			t.Errorf("%s gives back %q", path, got)
		}
	}
}

// Where somebody left off far up, a line is at the place, and a link leads there; and without
// JavaScript a button says that all of it is read.
func TestWhereOneLeftOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := ada.get("/dm/bob").room()
	bob.write(room, "I am here").expect(http.StatusSeeOther)
	for i := range 60 {
		ada.write(room, fmt.Sprint("message ", i)).expect(http.StatusSeeOther)
	}
	page := bob.get("/dm/ada").expect(http.StatusOK)
	if left := page.document().Find("#log").AttrOr("data-left", ""); left != "2" {
		t.Errorf("bob left off at %q", left)
	}
	link := page.document().Find(`.room-head a[href*="at=2"]`)
	if said := link.Text(); said != "First of 60 new" {
		t.Errorf("the link says %q", said)
	}
	if got := bob.get(link.AttrOr("href", "")).expect(http.StatusOK).text("#messages"); !strings.Contains(got, "message 0") {
		t.Errorf("the link leads to %q", got)
	}
	form, err := goquery.NewDocumentFromReader(strings.NewReader(page.document().Find("noscript").Text()))
	if err != nil || form.Find("button").Text() != "Mark as read (60)" {
		t.Fatalf("without scripts there is %q, %v", form.Text(), err)
	}
	values := url.Values{}
	for _, name := range []string{"seq", "next"} {
		values.Set(name, form.Find(`[name="`+name+`"]`).AttrOr("value", ""))
	}
	bob.post(form.Find("form").AttrOr("action", ""), values).expect(http.StatusSeeOther).expectHeader("Location", "/dm/ada")
	page = bob.get("/dm/ada")
	if page.document().Find("#log[data-left], noscript, .room-head a[href*='at=']").Length() != 0 || bob.unread() != "" {
		t.Errorf("%q are unread after they were read", bob.unread())
	}
}

// An older part of the list asks for itself again.
func TestOlderConversationsStay(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for path, want := range map[string]string{"/dm": "/dm?open=0", "/dm?before=5.7": "/dm?open=0&before=5.7", "/dm?before=x": "/dm?open=0"} {
		if got := ada.get(path).expect(http.StatusOK).document().Find("#conversations").AttrOr("data-hx-get", ""); got != want {
			t.Errorf("%s asks for %s again", path, got)
		}
	}
}

// A form for a group says all that is wrong with it at once, and wherever nobody is left to choose.
func TestGroupFormComplains(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	page := ada.post("/groups/new", url.Values{}).expect(http.StatusUnprocessableEntity)
	if page.text("#name-error") == "" || page.text("#people-error") == "" || page.document().Find("[autofocus]").AttrOr("name", "") != "name" {
		t.Errorf("the form says %q", page.text("form"))
	}
	page = ada.post("/groups/new", url.Values{"name": {"Market"}}).expect(http.StatusUnprocessableEntity)
	if page.text("#people-error") == "" || page.document().Find("[autofocus]").AttrOr("name", "") != "people" {
		t.Errorf("the form says %q", page.text("form"))
	}
	group := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	page = ada.post(group+"/members", url.Values{"people": {"eve"}}).expect(http.StatusUnprocessableEntity)
	if got := page.text(`[role="alert"]`); !strings.Contains(got, "no longer your friend") {
		t.Errorf("the page says %q", got)
	}
}
