package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestSettingsLeadToTheirParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if link := ada.get("/").document().Find(`header a[href="/settings"]`); strings.TrimSpace(link.Text()) != "Settings" {
		t.Errorf("the header's link says %q", link.Text())
	}
	ada.get("/settings").expect(http.StatusOK).document().Find("main li a").Each(func(_ int, link *goquery.Selection) {
		path := link.AttrOr("href", "")
		ada.get(path).expect(http.StatusOK)
		s.browse().get(path).expect(http.StatusSeeOther).expectHeader("Location", "/login?next="+url.QueryEscape(path))
	})
}
