package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"plaza/store"
	"plaza/store/storetest"
)

// befriend makes two users friends by their forms.
func (s *site) befriend(one, other *browser, names ...string) {
	s.t.Helper()
	one.relate("/friends/" + names[1] + "/request").expect(http.StatusSeeOther)
	other.relate("/friends/" + names[0] + "/accept").expect(http.StatusSeeOther)
}

// room returns the id of the room on a page.
func (a *answer) room() string {
	a.t.Helper()
	return a.document().Find("#log").AttrOr("data-room", "none")
}

// pair opens the room of ada and bob, in which nobody has written, and returns its id.
func (s *site) pair() string {
	s.t.Helper()
	var users [2]store.User
	for i, name := range []string{"ada", "bob"} {
		var err error
		if users[i], err = s.store.UserByName(s.t.Context(), name); err != nil {
			s.t.Fatal(err)
		}
	}
	room, err := s.store.OpenPrivateRoom(s.t.Context(), users[0], users[1])
	if err != nil || room.ID == 0 {
		s.t.Fatalf("the room of ada and bob: %+v, %v", room, err)
	}
	return strconv.FormatInt(room.ID, 10)
}

// write posts to a room as a browser without JavaScript does.
func (b *browser) write(room, body string) *answer {
	b.t.Helper()
	return b.post("/messages", url.Values{"room": {room}, "body": {body}, "nonce": {body}})
}

// compose fills in the composer of a page and sends it.
func (b *browser) compose(page *answer, body string) *answer {
	b.t.Helper()
	form := url.Values{"body": {body}}
	page.document().Find("#composer input").Each(func(_ int, input *goquery.Selection) {
		form.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	return b.post(page.document().Find("#composer").AttrOr("action", ""), form)
}

// madeAt is the time of a page.
var madeAt = regexp.MustCompile(` data-as-of="\d+"`)

// unread returns the number of unread messages in the first conversation of a list.
func (b *browser) unread() string {
	b.t.Helper()
	return strings.TrimSuffix(b.get("/dm").expect(http.StatusOK).document().Find(".conversation .count").First().Text(), " unread")
}

func TestTalkingInPrivate(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	if says := ada.get("/dm/bob").expect(http.StatusOK).text("#relation .relation-now"); says != "bob accepts private messages only from friends." {
		t.Errorf("a stranger reads %q", says)
	}
	s.befriend(ada, bob, "ada", "bob")
	page := ada.get("/dm/BOB").expect(http.StatusOK)
	if label := page.document().Find(`[role="log"]`).AttrOr("aria-label", ""); label != "bob" || page.room() != "0" {
		t.Errorf("the log of room %s is labelled %q", page.room(), label)
	}
	if list := bob.get("/dm").expect(http.StatusOK).document().Find(".conversation"); list.Length() != 0 {
		t.Error("a conversation is listed in which nothing was said")
	}
	empty := ada.compose(page, " ").expect(http.StatusUnprocessableEntity)
	if empty.room() != "0" || empty.text("#composer-error") == "" {
		t.Error("an empty message opens a room, or nothing is said about it")
	}
	ada.compose(empty, "for bob alone").expect(http.StatusSeeOther)
	room := ada.get("/dm/bob").room()
	if got := bob.get("/dm/ada").expect(http.StatusOK).room(); got != room || room == "0" {
		t.Errorf("ada talks in room %s, bob in %s", room, got)
	}
	ada.compose(page, "for bob alone").expect(http.StatusSeeOther).expectHeader("Location", "/rooms/"+room) // sent twice
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
	// Bob turns receipts off, so he sees none either.
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
	ada.compose(page, "a note").expect(http.StatusSeeOther)
	if got := ada.get("/dm").text(".conversation"); !strings.HasPrefix(got, "Notes to yourself a note") || ada.unread() != "" {
		t.Errorf("the list says %q", got)
	}
	ada.get("/dm/nobody").expect(http.StatusNotFound)
}

// An older address of the form for groups leads to it.
func TestNewGroupAtItsOlderAddress(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	ada.get("/dm/new").expect(http.StatusPermanentRedirect).expectHeader("Location", "/groups/new")
	ada.post("/dm/new", url.Values{"name": {"Market"}}).expect(http.StatusPermanentRedirect)
}

// A room does not exist for users who are not members: every answer is that for a missing room.
func TestPrivateRoomIsNobodyElses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	pair := s.pair()
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
				return fmt.Sprint(got.StatusCode, got.Header, madeAt.ReplaceAllString(strings.ReplaceAll(got.body, room, "ROOM"), ""))
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
	// No other page shows the room either.
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

// A message sent twice is found by its author alone, and only in its own room.
func TestPrivateNonceLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	ada.write(room, "hello").expect(http.StatusSeeOther)
	ada.write(room, "hello").expect(http.StatusSeeOther) // again, since the first answer was lost
	ada.write("1", "hello").expect(http.StatusConflict)
	if got := bob.get("/dm/ada").document().Find("#messages article").Length(); got != 1 {
		t.Errorf("%d messages are there", got)
	}
	if got := bob.get("/").document().Find("#messages article").Length(); got != 0 {
		t.Errorf("%d messages are in the public chat", got)
	}
}

// A conversation with a deleted user can be read but not continued.
func TestPrivateWithADeletedAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
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

// The page of a room does not tell users that they are blocked.
func TestBlockIsNotTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	bob.post("/settings/private", url.Values{"private_from": {"anyone"}}).expect(http.StatusSeeOther)
	ada.write(s.pair(), "hello").expect(http.StatusSeeOther)
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

// Who is blocked sees and gets the same as anybody else who may not write: on the person's page and card, and
// by Message. That they have asked for friendship makes no difference.
func TestMessageLooksTheSameWhenBlocked(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("mei") // takes private messages from friends only
	ada.post("/settings/private", url.Values{"private_from": {"anyone"}}).expect(http.StatusSeeOther)
	for _, asks := range []bool{false, true} {
		name := fmt.Sprint("eve", asks)
		eve := s.member(name)
		for _, person := range []string{"ada", "mei"} {
			if asks {
				eve.relate("/friends/" + person + "/request").expect(http.StatusSeeOther)
			}
		}
		ada.relate("/blocks/" + name).expect(http.StatusSeeOther)
		shown := func(person string) string {
			var all strings.Builder
			for _, path := range []string{"/u/", "/dm/"} {
				page := eve.get(path + person).expect(http.StatusOK).document().Find("main")
				page.Find("img, time, .since").Remove()
				html, err := page.Html()
				if err != nil {
					t.Fatal(err)
				}
				all.WriteString(html)
			}
			all.WriteString(eve.get("/u/" + person + "/card").text("#card"))
			message := url.Values{"room": {"@" + person}, "body": {"hello"}, "nonce": {"to " + person}}
			refused := eve.post("/messages", message, "HX-Request", "true").expect(http.StatusUnprocessableEntity)
			all.WriteString(refused.document().Text())
			return strings.ReplaceAll(all.String(), person, "PERSON")
		}
		if blocked, other := shown("ada"), shown("mei"); blocked != other || !strings.Contains(blocked, "only from friends") {
			t.Errorf("asks %v: who is blocked is shown\n%s\nand by another\n%s", asks, blocked, other)
		}
	}
}

// If a room closes while a message is written, the answer gives the text back.
func TestClosedRoomGivesTextBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	bob.relate("/friends/ada/remove").expect(http.StatusSeeOther)
	for path, status := range map[string]int{"/messages": http.StatusUnprocessableEntity, "/messages/preview": http.StatusOK} {
		page := ada.post(path, url.Values{"room": {room}, "body": {"an hour's work"}, "nonce": {"n"}}).expect(status)
		if got := page.document().Find("textarea[readonly]").Text(); got != "an hour's work" {
			t.Errorf("%s gives back %q", path, got)
		}
	}
}

// If the first unread message is on an older page, a line marks it and a link leads there. Without JavaScript
// a button marks all of it as read.
func TestWhereOneLeftOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
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

// An older page of the list refreshes itself.
func TestOlderConversationsStay(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for path, want := range map[string]string{"/dm": "/dm", "/dm?before=5.7": "/dm?before=5.7", "/dm?before=x": "/dm"} {
		if got := ada.get(path).expect(http.StatusOK).document().Find("#conversations").AttrOr("data-hx-get", ""); got != want {
			t.Errorf("%s asks for %s again", path, got)
		}
	}
}
