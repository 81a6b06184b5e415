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
		{"fri", []string{"/friends", "/u/Frida"}, "/friends"},
		{"MESS", []string{"/dm", "/u/Messenger"}, "/dm"},
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
