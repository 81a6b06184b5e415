package gallery_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/views/gallery"
)

// TestEmptyStates checks that each empty place and each error has a picture, a sentence, and one thing to do.
func TestEmptyStates(t *testing.T) {
	places := map[string]string{
		"chat-empty": ".empty", "conversation-empty": ".empty", "conversations-none": ".empty", "friends-none": ".empty",
		"notifications-none": ".empty", "search-nobody": ".empty", "people-empty": ".empty",
		"problem-403": "main", "problem-404": "main", "problem-429": "main", "problem-500": "main", "problem-503": "main",
	}
	pictures := map[string]string{}
	for _, entry := range gallery.Entries("") {
		selector, ok := places[entry.Name]
		if !ok {
			continue
		}
		delete(places, entry.Name)
		place := parse(t, entry).Find(selector)
		title := strings.TrimSpace(place.Find(".empty-title, h1").Text())
		if place.Length() != 1 || title == "" || place.Find("svg.art[aria-hidden]").Length() != 1 || place.Find("a.button").Length() != 1 {
			markup, _ := goquery.OuterHtml(place)
			t.Errorf("%s: %s", entry.Name, markup)
		}
		if strings.HasPrefix(entry.Name, "problem") {
			pictures[place.Find("svg").Text()+place.Find("svg path").Eq(1).AttrOr("d", "")] = entry.Name
		}
	}
	for name := range places {
		t.Errorf("there is no entry %s", name)
	}
	if len(pictures) != 4 { // 500 and 503 share one
		t.Errorf("errors have the pictures %v", pictures)
	}
}

// TestSquareShowsPeople checks that the picture of the welcome page shows as many people as are here.
func TestSquareShowsPeople(t *testing.T) {
	people := map[string][2]int{"welcome-nobody": {0, 0}, "welcome-one": {1, 1}, "welcome": {9, 3}}
	for _, entry := range gallery.Entries("") {
		if want, ok := people[entry.Name]; ok {
			page := parse(t, entry)
			if got := [2]int{page.Find(".square g").Length(), page.Find(".square .art-words").Length()}; got != want {
				t.Errorf("%s shows %d people and %d speech bubbles, want %v", entry.Name, got[0], got[1], want)
			}
			delete(people, entry.Name)
		}
	}
	if len(people) > 0 {
		t.Errorf("there are no entries %v", people)
	}
}

// TestTryAgain checks that an error that passes leads to the same page, and any other error to the start page.
func TestTryAgain(t *testing.T) {
	ways := map[string]string{"problem-429": "Try again", "problem-503": "Try again", "problem-404": "Back to the plaza", "problem-500": "Back to the plaza"}
	for _, entry := range gallery.Entries("") {
		if want, ok := ways[entry.Name]; ok {
			way := parse(t, entry).Find("main a.button")
			if leads := way.AttrOr("href", "") != "/"; way.Text() != want || leads != (want == "Try again") {
				t.Errorf("%s leads to %s by %q", entry.Name, way.AttrOr("href", ""), way.Text())
			}
		}
	}
}
