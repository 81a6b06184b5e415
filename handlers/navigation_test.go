package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// The navigation answers a page of htmx with its lists alone, and marks the place that the page is at.
func TestNavigation(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.relate("/friends/bob/request")
	bob.relate("/friends/ada/accept")
	ada.get("/navigation?path=/dm").expect(http.StatusSeeOther).expectHeader("Location", "/dm")
	s.browse().get("/navigation").expect(http.StatusSeeOther)
	lists := ada.get("/navigation?path=/friends", "HX-Request", "true").expect(http.StatusOK)
	if strings.Contains(lists.body, "<html") || !strings.HasPrefix(lists.text(`[aria-current=page]`), "Friends") {
		t.Errorf("the lists are %s", lists.body)
	}
}

// Sections that a cookie names are folded, and a cookie with anything else changes nothing.
func TestFoldedSections(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for cookie, want := range map[string]int{"folded=": 2, "folded=messages": 1, "folded=messages.friends": 0, `folded="><script>`: 2} {
		if got := ada.get("/friends", "Cookie", cookie).document().Find("nav details[open]").Length(); got != want {
			t.Errorf("with %q, %d sections are open, want %d", cookie, got, want)
		}
	}
}

// An error page shows a member the member's header and navigation, and a visitor the way to sign in.
func TestErrorPagesKnowTheViewer(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for _, page := range []*answer{
		ada.get("/nowhere").expect(http.StatusNotFound), ada.get("/u/nobody").expect(http.StatusNotFound),
		ada.post("/friends/nobody/request", nil).expect(http.StatusNotFound),
	} {
		if page.text("header .own-name") != "ada" || page.document().Find(`nav a[href="/dm"]`).Length() != 1 ||
			page.document().Find(`header a[href="/login"]`).Length() != 0 {
			t.Errorf("the page of a member is %s", page.body)
		}
	}
	page := s.browse().get("/nowhere").expect(http.StatusNotFound)
	if page.document().Find(`header a[href="/login"]`).Length() != 1 || page.document().Find("nav").Length() != 0 {
		t.Errorf("the page of a visitor is %s", page.body)
	}
}
