package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// ids returns the notifications that a link opens.
func ids(t *testing.T, href string) string {
	t.Helper()
	parsed, err := url.Parse(href)
	if err != nil || parsed.Path != "/notifications/open" {
		t.Fatalf("the link is %s", href)
	}
	return strings.Join(parsed.Query()["id"], " ")
}

// Notifications of the same day that are alike stand together. The row leads to the oldest unread one.
func TestNotificationsStandTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve, mei := s.member("ada"), s.member("bob"), s.member("eve"), s.member("mei")
	bob.message("Hello @ada", "1").expect(http.StatusNoContent)
	ada.expectNotices("Unread: bob mentioned you in Public chat Hello @ada")
	eve.message("Hi @ada", "2").expect(http.StatusNoContent)
	ada.expectNotices("Unread: eve and bob mentioned you in Public chat Hi @ada")
	mei.message("Good morning @ada", "3").expect(http.StatusNoContent)
	before := time.Now().UnixMilli()
	eventually(t, "it is later", func() bool { return time.Now().UnixMilli() > before })
	bob.message("Are you there, @ada?", "4").expect(http.StatusNoContent) // joins the first
	ada.expectNotices("Unread: bob and 2 others mentioned you in Public chat Are you there, @ada?")

	page := ada.get("/notifications")
	row := page.document().Find(".notices > li")
	if got := row.Find("details .told").Map(func(_ int, told *goquery.Selection) string { return told.Find(".notice-title").Text() }); len(got) != 3 ||
		got[0] != "bob mentioned you in Public chat 2 times" || got[2] != "eve mentioned you in Public chat" {
		t.Errorf("the row has the notifications %q", got)
	}
	href := row.Find("a").First().AttrOr("href", "")
	if got := ids(t, href); got != "2 3 1" || row.AttrOr("id", "") != "notification-1" {
		t.Errorf("the row %s leads to %s", row.AttrOr("id", ""), got)
	}
	ada.press(page, "Mark as read: mei mentioned you in Public chat").expect(http.StatusSeeOther)
	row = ada.get("/notifications").document().Find(".notices > li")
	if got := ids(t, row.Find("a").First().AttrOr("href", "")); got != "2 1" || !row.HasClass("unread") {
		t.Errorf("the row leads to %s, and its class is %s", got, row.AttrOr("class", ""))
	}
	ada.get(href).expect(http.StatusSeeOther).expectHeader("Location", "/?at=2#m-1-2")
	ada.expectNotices("Unread: bob and 2 others mentioned you in Public chat Are you there, @ada?")
	ada.post(href, nil).expect(http.StatusSeeOther).expectHeader("Location", "/?at=2#m-1-2")
	ada.expectNotices("bob and 2 others mentioned you in Public chat Are you there, @ada?")
	row = ada.get("/notifications").document().Find(".notices > li")
	if got := ids(t, row.Find("a").First().AttrOr("href", "")); got != "1" || row.Find("button").Length() != 0 {
		t.Errorf("the row leads to %s when all are read", got)
	}
	// What is new joins what is read.
	eve.message("Once more, @ada", "5").expect(http.StatusNoContent)
	ada.press(ada.get("/notifications"), "Mark as read: eve and 2 others mentioned you in Public chat").expect(http.StatusSeeOther)
	ada.expectNotices("eve and 2 others mentioned you in Public chat Once more, @ada")

	for _, wrong := range []string{"", "?id=", "?id=x", "?id=999", "?id=" + strings.Repeat("1&id=", 50) + "1"} {
		ada.get("/notifications/open" + wrong).expect(http.StatusNotFound)
		ada.post("/notifications/open"+wrong, nil).expect(http.StatusNotFound)
	}
	bob.get("/notifications/open?id=1").expect(http.StatusNotFound)
	bob.post("/notifications/open?id=1", nil).expect(http.StatusNotFound)
}

// A day has a heading. It begins at the viewer's midnight.
func TestNotificationsByDays(t *testing.T) {
	t.Parallel()
	path := storetest.MustAddress(t)
	s := open(t, onFile(t, path))
	ada := s.member("ada")
	db := storetest.Beside(t, path)
	now := time.Now().UTC()
	tell := func(kind string, at time.Time) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), `INSERT INTO notifications (user_id, kind, like_id, actor_id, at, read_at) VALUES (1, $1, 0, 0, $2, 1)`, kind, at.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
	}
	tell("email", now)
	tell("password", now.Add(-24*time.Hour))
	tell("password", now.Add(-24*time.Hour+time.Millisecond))
	tell("password", now.Add(-80*24*time.Hour))
	days := func(headers ...string) string {
		t.Helper()
		found := ada.get("/notifications", headers...).expect(http.StatusOK).document().Find(".notices-day").Map(func(_ int, day *goquery.Selection) string {
			return day.Find("h2").Text() + ": " + day.Find(".notices > li > a .notice-title").Text()
		})
		return strings.Join(found, "; ")
	}
	long := now.Add(-80 * 24 * time.Hour)
	date := long.Format("Monday, 2 January")
	if long.Year() != now.Year() {
		date = long.Format("Monday, 2 January 2006")
	}
	want := "Today: Your email was changed; Yesterday: Your password was changed 2 times; " + date + ": Your password was changed"
	if got := days(); got != want {
		t.Errorf("the days are %q, want %q", got, want)
	}
	// Where it is just past midnight, an hour ago was yesterday.
	tell("sign-in", now.Add(-time.Hour))
	minutes := 30 - now.Hour()*60 - now.Minute()
	if minutes < -12*60 {
		minutes += 24 * 60
	}
	want = "Today: Your email was changed; Yesterday: You were signed in from a new browser"
	if got := days("Cookie", fmt.Sprint("zone=", minutes)); !strings.HasPrefix(got, want) {
		t.Errorf("the days at midnight are %q, want %q", got, want)
	}
	for _, wrong := range []string{"x", "841", "-841", "99999999999"} {
		if got := days("Cookie", "zone="+wrong); !strings.HasPrefix(got, "Today: Your email was changed") {
			t.Errorf("with the zone %s the days are %q", wrong, got)
		}
	}
}

// A friend request is answered in its row.
func TestRequestsAreAnsweredInTheList(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve, mei := s.member("ada"), s.member("bob"), s.member("eve"), s.member("mei")
	list := func(b *browser) *goquery.Selection { return b.get("/notifications").document().Find("#notifications") }
	bob.relate("/friends/ada/request").expect(http.StatusSeeOther)
	if row := list(ada).Find(".notices > li"); row.Find("details").Length() != 0 || row.Find("button").Length() != 3 {
		t.Errorf("the row of one request has %d buttons", row.Find("button").Length())
	}
	ada.press(ada.get("/notifications"), "Accept: bob").expect(http.StatusSeeOther).expectHeader("Location", "/notifications")
	ada.expectNotices()
	bob.expectNotices("Unread: ada is your friend now")

	for _, b := range []*browser{eve, mei} {
		b.relate("/friends/ada/request").expect(http.StatusSeeOther)
	}
	ada.expectNotices("Unread: mei and 1 other sent you friend requests")
	if people := list(ada).Find("details[open] .person").Map(func(_ int, person *goquery.Selection) string { return person.AttrOr("href", "") }); fmt.Sprint(people) != "[/u/mei /u/eve]" {
		t.Errorf("the row lists %q", people)
	}
	// A request that was read still has its buttons.
	ada.post("/notifications/read", nil).expect(http.StatusSeeOther)
	answer := func(name, what string, headers ...string) *answer {
		t.Helper()
		return ada.post("/friends/"+name+"/"+what, url.Values{"next": {"/notifications"}}, headers...)
	}
	declined := answer("mei", "decline", "HX-Request", "true").expect(http.StatusOK)
	if said := declined.text(`hx-partial[data-hx-target="#answered"]`); said != "You declined the friend request of mei." {
		t.Errorf("the answer says %q", said)
	}
	if left := declined.document().Find("#notifications .person, #notifications li > .relation-buttons"); left.Length() == 0 || declined.document().Find("header").Length() != 0 ||
		declined.document().Find(`[action="/friends/mei/accept"]`).Length() != 0 || declined.document().Find("[autofocus]").Length() != 1 {
		t.Errorf("the answer is %s", declined.body)
	}
	late := answer("mei", "accept", "HX-Request", "true").expect(http.StatusNotFound)
	if late.document().Find("#notifications, form").Length() != 0 || late.text("body") == "" {
		t.Errorf("an answer that comes too late is %s", late.body)
	}
	accepted := answer("eve", "accept", "HX-Request", "true").expect(http.StatusOK)
	if said := accepted.text("hx-partial"); said != "eve is your friend now." || accepted.document().Find(`[action^="/friends/"]`).Length() != 0 {
		t.Errorf("the answer is %s", accepted.body)
	}
}
