package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// TestSwitcher searches for places as a page with htmx does, which shows them, and as a browser without
// JavaScript does, which goes to the first.
func TestSwitcher(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for _, name := range []string{"bob", "eve", "Frida", "Messenger"} {
		storetest.MustUser(t, s.store, name)
	}
	ada.relate("/blocks/eve").expect(http.StatusSeeOther)
	pages := []string{"/", "/dm", "/notifications", "/friends", "/search", "/settings", "/u/ada"}
	for _, test := range []struct {
		query  string
		places []string
		first  string
	}{
		{"", pages, "/search?q="},
		{" ", pages, "/search?q="},
		{"fri", []string{"/u/Frida", "/friends"}, "/u/Frida"},
		{"MESS", []string{"/u/Messenger", "/dm"}, "/u/Messenger"},
		{"bob", []string{"/u/bob"}, "/u/bob"},
		{"eve", []string{}, "/search?q=eve"},
		{"<b>&", []string{}, "/search?q=%3Cb%3E%26"},
		{"\xff\xfe", []string{}, "/search?q=%EF%BF%BD%EF%BF%BD"},
	} {
		path := "/switch?q=" + url.QueryEscape(test.query)
		fragment := ada.get(path, "HX-Request", "true").expect(http.StatusOK)
		fragment.expectVary()
		found := fragment.document().Find(".places a").Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
		if !slices.Equal(found, test.places) {
			t.Errorf("%q finds %q, want %q", test.query, found, test.places)
		}
		ada.get(path).expect(http.StatusSeeOther).expectHeader("Location", test.first)
	}
	s.browse().get("/switch?q=bob").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fswitch%3Fq%3Dbob")
}

// Unread conversations come first, with their counts: the public chat too, unless the request comes from its page. A person with whom
// there is a conversation is found once.
func TestSwitcherPutsUnreadFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, eve, "ada", "eve")
	s.befriend(ada, bob, "ada", "bob")
	bob.write(s.pair(), "hello").expect(http.StatusSeeOther)
	ada.compose(ada.get("/dm/eve"), "hello, eve").expect(http.StatusSeeOther)
	eve.write("1", "hello, all").expect(http.StatusSeeOther)
	for _, test := range []struct {
		page, query string
		places      []string
	}{
		{"/friends", "", []string{"/ 1 unread", "/dm/bob 1 unread", "/dm/eve ", "/dm ", "/notifications ", "/friends ", "/search ", "/settings ", "/u/ada "}},
		{"/", "", []string{"/dm/bob 1 unread", "/dm/eve ", "/ ", "/dm ", "/notifications ", "/friends ", "/search ", "/settings ", "/u/ada "}},
		{"/friends", "e", []string{"/dm/eve ", "/dm ", "/friends ", "/search ", "/settings ", "/u/ada "}},
		{"/friends", "b", []string{"/ 1 unread", "/dm/bob 1 unread"}},
	} {
		answer := ada.get("/switch?q="+test.query, "HX-Request", "true", "HX-Current-URL", s.url+test.page).expect(http.StatusOK)
		found := answer.document().Find(".places a").Map(func(_ int, link *goquery.Selection) string {
			return link.AttrOr("href", "") + " " + link.Find(".count").Text()
		})
		if !slices.Equal(found, test.places) {
			t.Errorf("on %s %q finds %q, want %q", test.page, test.query, found, test.places)
		}
	}
	ada.get("/switch?q=b").expect(http.StatusSeeOther).expectHeader("Location", "/")
}
