package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// notices returns the rows of the list. Unread ones carry the words for unread.
func (b *browser) notices() []string {
	b.t.Helper()
	return b.get("/notifications").expect(http.StatusOK).document().Find("#notifications .notices > li > a .told").Map(func(_ int, told *goquery.Selection) string {
		told.Find("time").Remove()
		return strings.Join(strings.Fields(told.Text()), " ")
	})
}

func (b *browser) expectNotices(want ...string) {
	b.t.Helper()
	if got := b.notices(); fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("the list is %q, not %q", got, want)
	}
}

// press sends a form of a page as its button does.
func (b *browser) press(page *answer, button string) *answer {
	b.t.Helper()
	pressed := page.document().Find("main form button").FilterFunction(func(_ int, one *goquery.Selection) bool {
		return one.AttrOr("aria-label", strings.TrimSpace(one.Text())) == button
	})
	if pressed.Length() != 1 {
		b.t.Fatalf("there are %d buttons %q", pressed.Length(), button)
	}
	form, values := pressed.Closest("form"), url.Values{}
	for _, input := range form.Find("input").AddSelection(pressed.Filter("[name]")).EachIter() {
		values.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	return b.post(form.AttrOr("action", ""), values)
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.browse().get("/notifications").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fnotifications")
	if said := ada.get("/notifications").text("#notifications"); !strings.HasPrefix(said, "Nothing yet.") {
		t.Errorf("the empty list says %q", said)
	}
	bob.message("Hello @ADA, and not `@ada`", "1").expect(http.StatusNoContent)
	bob.message("Hello `@ada`", "2").expect(http.StatusNoContent) // code mentions nobody
	bob.relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.expectNotices("Unread: bob sent you a friend request", "Unread: bob mentioned you in Public chat Hello @ada, and not @ada")
	page := ada.get("/notifications")
	links := page.document().Find("#notifications li a")
	for _, led := range []struct{ id, href, cause string }{
		{"2", links.First().AttrOr("href", ""), "/friends"}, {"1", links.Last().AttrOr("href", ""), "/?at=1#m-1-1"},
	} {
		// Following it from another site marks nothing.
		if led.href != "/notifications/open?id="+led.id {
			t.Errorf("the link of %s is %s", led.cause, led.href)
		}
		ada.get(led.href, "Sec-Fetch-Site", "cross-site").expect(http.StatusSeeOther).expectHeader("Location", led.cause)
	}
	ada.press(page, "Mark as read: bob mentioned you in Public chat").expect(http.StatusSeeOther).expectHeader("Location", "/notifications")
	ada.expectNotices("Unread: bob sent you a friend request", "bob mentioned you in Public chat Hello @ada, and not @ada")
	ada.press(ada.get("/notifications"), "Mark all as read").expect(http.StatusSeeOther)
	ada.expectNotices("bob sent you a friend request", "bob mentioned you in Public chat Hello @ada, and not @ada")
	if page := ada.get("/notifications"); page.document().Find(`#notifications form[action^="/notifications/read"]`).Length() != 0 {
		t.Errorf("there is something to mark: %s", page.text("#notifications"))
	}

	bob.message("@ada, again", "3").expect(http.StatusNoContent)
	fragment := ada.post("/notifications/read", url.Values{}, "HX-Request", "true").expect(http.StatusOK)
	if fragment.document().Find("header").Length() != 0 || fragment.document().Find(".notices > li").Length() != 2 || strings.Contains(fragment.body, "Unread") {
		t.Errorf("the fragment is %s", fragment.body)
	}
	others, none := bob.post("/notifications/read", url.Values{"id": {"1"}}).expect(http.StatusNotFound), bob.post("/notifications/read", url.Values{"id": {"999"}})
	if none.expect(http.StatusNotFound); others.text("main") != none.text("main") {
		t.Errorf("another's is answered with %q, none with %q", others.text("main"), none.text("main"))
	}
	for _, malformed := range []string{"x", "1.5", "9223372036854775808"} {
		bob.post("/notifications/read", url.Values{"id": {malformed}}).expect(http.StatusNotFound)
		bob.get("/notifications?before=1." + malformed).expect(http.StatusNotFound)
	}
	ada.relate("/blocks/bob").expect(http.StatusSeeOther)
	ada.expectNotices()
}

// A long list has pages. Marking a notification leads back to its page.
func TestNotificationsGoBack(t *testing.T) {
	t.Parallel()
	path := storetest.MustAddress(t)
	s := open(t, onFile(t, path))
	ada := s.member("ada")
	db := storetest.Beside(t, path)
	for i := range 120 {
		_, err := db.ExecContext(t.Context(), `INSERT INTO notifications (user_id, kind, like_id, actor_id, at, read_at) VALUES (1, 'password', $1, 0, $2, 0)`, i, 1700000000000+i)
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	page := ada.get("/notifications")
	for {
		for _, link := range page.document().Find("#notifications li a").EachIter() {
			seen[link.AttrOr("data-notification", "")] = true
		}
		older := page.document().Find(`#notifications .actions a:contains("Older")`)
		if older.Length() == 0 {
			break
		}
		// The notification where the page ends may be gone by the time that the next page is asked for.
		last := page.document().Find("#notifications li a").Last().AttrOr("data-notification", "")
		if _, err := db.ExecContext(t.Context(), `DELETE FROM notifications WHERE id = $1`, last); err != nil {
			t.Fatal(err)
		}
		page = ada.get(older.AttrOr("href", "")).expect(http.StatusOK)
	}
	if len(seen) != 120 {
		t.Errorf("%d are shown", len(seen))
	}
	back := page.Request.URL.RequestURI()
	if !strings.HasPrefix(back, "/notifications?before=") {
		t.Fatalf("the last page is %s", back)
	}
	ada.press(page, "Mark all as read").expect(http.StatusSeeOther).expectHeader("Location", back)
}

func TestNotificationSettings(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	checked := func(page *answer) string {
		return strings.Join(page.document().Find("input[name=kind][checked]").Map(func(_ int, input *goquery.Selection) string { return input.AttrOr("value", "") }), " ")
	}
	const all = "request accepted declined unfriended mention reply reaction message"
	if got := checked(ada.get("/settings/notifications").expect(http.StatusOK)); got != all {
		t.Errorf("at first these are on: %s", got)
	}
	for _, kind := range []string{"everything", "", "password"} {
		for _, header := range []string{"false", "true"} {
			refused := ada.post("/settings/notifications", url.Values{"kind": {"mention", kind}}, "HX-Request", header).expect(http.StatusUnprocessableEntity)
			if refused.text("#form-error") == "" || checked(refused) != "mention" {
				t.Errorf("the form is %s", refused.body)
			}
		}
	}
	ada.post("/settings/notifications", url.Values{"kind": {"accepted", "message"}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings/notifications")
	if got := checked(ada.get("/settings/notifications")); got != "accepted message" {
		t.Errorf("these are on: %s", got)
	}
	bob.message("Hello @ada", "1").expect(http.StatusNoContent)
	bob.relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.expectNotices()
	if badge := ada.get("/").text("nav #requests-count"); badge != "1 request" {
		t.Errorf("the navigation says %q", badge)
	}
	ada.post("/settings/notifications", url.Values{"kind": strings.Fields(all)}).expect(http.StatusSeeOther)
	bob.message("Hello again @ada", "2").expect(http.StatusNoContent)
	ada.expectNotices("Unread: bob mentioned you in Public chat Hello again @ada")
}

// Whether screen readers read out new messages is kept with the account, and the page of the room says it to
// the script.
func TestAnnounceNewMessages(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	announces := func(want bool) {
		t.Helper()
		room := ada.get("/").document()
		if got := room.Find("#announcer[data-messages]").Length() == 1; got != want || room.Find("#log").AttrOr("aria-live", "") != "off" {
			t.Errorf("the room announces messages: %t, want %t, or its log does so too", got, want)
		}
		if got := ada.get("/settings/notifications").document().Find("input[name=announces][checked]").Length() == 1; got != want {
			t.Errorf("the form says %t, want %t", got, want)
		}
	}
	announces(true)
	ada.post("/settings/notifications", url.Values{"kind": {"mention"}}).expect(http.StatusSeeOther)
	announces(false)
	ada.post("/settings/notifications", url.Values{"kind": {"everything"}, "announces": {"on"}}).expect(http.StatusUnprocessableEntity)
	announces(false)
	ada.post("/settings/notifications", url.Values{"kind": {"mention"}, "announces": {"on"}}).expect(http.StatusSeeOther)
	announces(true)
}

// A sign-in from an unknown browser makes a notification, as do changes of password and email. A browser
// stays known after signing out.
func TestNotificationsOfSecurity(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	signIn := func(b *browser) {
		const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
		b.post("/login", credentials("ada", storetest.Password), "User-Agent", firefox).expect(http.StatusSeeOther)
	}
	ada.post("/logout", nil).expect(http.StatusSeeOther)
	signIn(ada)
	ada.expectNotices()
	other := s.browse()
	signIn(other)
	other.post("/logout", nil).expect(http.StatusSeeOther)
	signIn(other)
	ada.expectNotices("Unread: You were signed in from a new browser Firefox on Linux")
	ada.post("/settings/email", url.Values{"email": {"ada@example.net"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	ada.post("/settings/password", url.Values{"current_password": {storetest.Password}, "password": {"a new long phrase"}, "password_confirm": {"a new long phrase"}}).
		expect(http.StatusSeeOther)
	ada.expectNotices("Unread: Your password was changed", "Unread: Your email was changed", "Unread: You were signed in from a new browser Firefox on Linux")
}

// Reading a room marks the notifications that lead there as read.
func TestReadingARoom(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	bob.message("Hello @ada", "1").expect(http.StatusNoContent)
	read := func(b *browser, room, seq string, status int) *answer {
		b.t.Helper()
		return b.post("/rooms/"+room+"/read", url.Values{"seq": {seq}}).expect(status)
	}
	read(ada, "1", "0", http.StatusNoContent)
	read(bob, "1", "1", http.StatusNoContent)
	ada.expectNotices("Unread: bob mentioned you in Public chat Hello @ada")
	read(ada, "1", "1", http.StatusNoContent)
	ada.expectNotices("bob mentioned you in Public chat Hello @ada")
	read(ada, "1", "x", http.StatusBadRequest)
	read(ada, "x", "1", http.StatusNotFound)

	user, err := s.store.UserByName(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	notebook, err := s.store.OpenPrivateRoom(t.Context(), user, user)
	if err != nil {
		t.Fatal(err)
	}
	read(bob, fmt.Sprint(notebook.ID), "1", http.StatusNoContent)
	hers, none := read(ada, fmt.Sprint(notebook.ID), "1", http.StatusNotFound), read(ada, "999", "1", http.StatusNotFound)
	if hers.text("main") != none.text("main") {
		t.Errorf("another's room is answered with %q, none with %q", hers.text("main"), none.text("main"))
	}
}
