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

// find searches as a browser without JavaScript does.
func (b *browser) find(query string, headers ...string) *answer {
	b.t.Helper()
	return b.get("/search?q="+url.QueryEscape(query), headers...).expect(http.StatusOK)
}

// people returns the links to the people that a search found.
func (a *answer) people() []string {
	return a.document().Find("#people-found ~ ul a").Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for _, name := range []string{"Adrian", "bob", "zoë.k"} {
		storetest.MustUser(t, s.store, name)
	}
	for query, want := range map[string][]string{
		"ad": {"/u/ada", "/u/Adrian"}, "ADA": {"/u/ada"}, "da": {"/u/ada"}, "zoe": {"/u/zo%C3%AB.k"}, "": {}, " ": {},
		"nobody": {}, "%": {}, "\x00": {}, "\xff\xfe": {}, strings.Repeat("a", 100_000): {},
	} {
		for _, b := range []*browser{ada, s.browse()} {
			page := b.find(query)
			if got := page.people(); !slices.Equal(got, want) {
				t.Errorf("%.20q finds %q, want %q", query, got, want)
			}
			if page.document().Find(`main form[role="search"][action="/search"] input[type="search"][name="q"][aria-label="Search people"]`).Length() != 1 {
				t.Errorf("%.20q: the page has no searchbox", query)
			}
		}
	}
	for query, says := range map[string]string{"": "", "bob": "1 person", "ad": "2 people", "nobody": "Nobody here has that in their name. Try fewer letters."} {
		if got := ada.find(query).text("#found[role=status]"); got != says {
			t.Errorf("%q: it says %q", query, got)
		}
	}
	if value := ada.find(`"><b>`).document().Find("main input").AttrOr("value", ""); value != `"><b>` {
		t.Errorf("what was typed comes back as %q", value)
	}
	ada.relate("/blocks/bob").expect(http.StatusSeeOther)
	if got := ada.find("bob").people(); len(got) > 0 {
		t.Errorf("a blocked user is found: %q", got)
	}
}

// The answer to htmx is only the results.
func TestSearchByFragments(t *testing.T) {
	t.Parallel()
	s := open(t)
	storetest.MustUser(t, s.store, "bob")
	visitor := s.browse()
	page, fragment := visitor.find("bo"), visitor.find("bo", "HX-Request", "true")
	page.expectVary()
	fragment.expectVary()
	fragment.expectFragment("section")
	if !slices.Equal(fragment.people(), []string{"/u/bob"}) || page.people()[0] != "/u/bob" {
		t.Errorf("the page finds %q, the fragment %q", page.people(), fragment.people())
	}
}

// A visitor sees only the names and pictures of results.
func TestSearchShowsVisitorsLittle(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	ada.post("/settings/profile", url.Values{"display_name": {"Ada L"}, "about": {"numbers"}}).expect(http.StatusSeeOther)
	ada.post("/settings/email", url.Values{"email": {"ada@example.org"}}).expect(http.StatusSeeOther) // lets members see it
	socket, _, err := ada.handshake("/ws", s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.CloseNow() }()
	bob := s.member("bob")
	eventually(t, "members see that ada is here", func() bool { return strings.Contains(bob.find("ada").text("#results .people"), "is here now") })

	page := s.browse().find("ada")
	if got := page.text("#results .people"); got != "Ada L @ada" {
		t.Errorf("a visitor reads %q", got)
	}
	found, _ := page.document().Find("#results .people").Html()
	for _, hidden := range []string{"here", "example.org", "numbers", "dot"} {
		if strings.Contains(found, hidden) {
			t.Errorf("a visitor gets %q: %s", hidden, found)
		}
	}
	for _, email := range []string{"ada@example.org", "example", "numbers"} {
		if got := bob.find(email).people(); len(got) > 0 {
			t.Errorf("%q finds %q", email, got)
		}
	}
}
