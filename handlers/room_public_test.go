package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// publicUnread returns how many messages a page counts as unread in the public chat, and its title.
func (a *answer) publicUnread() string {
	badge := a.document().Find("#public-count")
	if _, hidden := badge.Attr("hidden"); hidden {
		return a.text("title")
	}
	return strings.TrimSuffix(badge.Text(), " unread") + ", " + a.text("title")
}

// Pages count what is unread in the public chat. Its own page shows where the viewer left off. Without JavaScript a
// button marks all of it as read.
func TestUnreadInThePublicChat(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	ada.write("1", "before bob").expect(http.StatusSeeOther)
	bob := s.member("bob")
	expect := func(path, want string) *answer {
		t.Helper()
		page := bob.get(path).expect(http.StatusOK)
		if got := page.publicUnread(); got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
		return page
	}
	expect("/friends", "Friends · plaza")
	bob.write("1", "my own").expect(http.StatusSeeOther)
	expect("/friends", "Friends · plaza")
	for i := range 3 {
		ada.write("1", fmt.Sprint("for all ", i)).expect(http.StatusSeeOther)
	}
	expect("/friends", "3, • Friends · plaza")
	ada.write("1", "for @bob").expect(http.StatusSeeOther)
	expect("/friends", "4, (1) Friends · plaza")
	page := expect("/", "(1) Public chat · plaza")
	if left := page.document().Find("#log").AttrOr("data-left", ""); left != "3" || page.document().Find(".left-above").Length() != 0 {
		t.Errorf("bob left off at %q", left)
	}
	form, err := goquery.NewDocumentFromReader(strings.NewReader(page.document().Find("main noscript").Text()))
	if err != nil || form.Find("button").Text() != "Mark as read (4)" {
		t.Fatalf("without scripts there is %q, %v", form.Text(), err)
	}
	values := url.Values{}
	for _, name := range []string{"seq", "next"} {
		values.Set(name, form.Find(`[name="`+name+`"]`).AttrOr("value", ""))
	}
	bob.post(form.Find("form").AttrOr("action", ""), values).expect(http.StatusSeeOther).expectHeader("Location", "/")
	page = expect("/", "Public chat · plaza")
	if page.document().Find("#log[data-left], main noscript").Length() != 0 {
		t.Error("a message is unread after all were read")
	}
	expect("/friends", "Friends · plaza")
	for i := range 60 {
		ada.write("1", fmt.Sprint("later ", i)).expect(http.StatusSeeOther)
	}
	link := expect("/", "Public chat · plaza").document().Find(".left-above a")
	if said := link.Text(); said != "First of 60 new" {
		t.Errorf("the link says %q", said)
	}
	if got := bob.get(link.AttrOr("href", "")).expect(http.StatusOK).text("#messages"); !strings.Contains(got, "later 0") {
		t.Errorf("the link leads to %q", got)
	}
}

// news returns the latest news of the public chat that came.
func (s *stream) news() string {
	return s.document().Find(`hx-partial[data-hx-target="#inbox"][data-hx-swap="news"]`).Last().Text()
}

// Pages of all members get the same news of the public chat, on all servers, and its own page gets none. Reading it
// changes the member's other pages.
func TestServersTellTheNews(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada, bob := s.at[0].member("ada"), s.at[1].member("bob")
	friends, dm, chat := ada.connect("/ws?"), bob.connect("/ws?"), ada.connect("/ws?room=1&after=0")
	for i, author := range []*browser{ada, bob, ada} {
		author.message(fmt.Sprint(i), fmt.Sprint(i)).expect(http.StatusNoContent)
	}
	for _, page := range []*stream{friends, dm} {
		eventually(t, "the news came", func() bool { return page.news() == "3:1 2:2 1:1" })
	}
	chat.expect("0", "1", "2")
	if got := chat.news(); got != "" {
		t.Errorf("the page of the public chat got the news %s", got)
	}
	bob.post("/rooms/1/read", url.Values{"seq": {"3"}}).expect(http.StatusNoContent)
	eventually(t, "bob's other page knows that he has read it", func() bool {
		return dm.document().Find(`hx-partial[data-hx-swap="inbox"] [data-read="3"]`).Length() > 0
	})
	if friends.document().Find(`[data-read]`).Length() > 0 {
		t.Error("ada's page is told of what bob reads")
	}
}
