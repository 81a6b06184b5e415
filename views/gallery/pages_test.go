package gallery_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/views/gallery"
)

// TestGroups checks that groups lead a designer from an entry to its files and back. A group must own each
// entry by its name, and some group must name each file of the site.
func TestGroups(t *testing.T) {
	named := map[string]bool{}
	entries := 0
	for _, group := range gallery.Groups("") {
		if len(group.Entries) == 0 {
			t.Errorf("%s has no entries", group.Name)
		}
		entries += len(group.Entries)
		for _, entry := range group.Entries {
			if !group.Owns(entry.Name) {
				t.Errorf("no group is for %s: it is among %s", entry.Name, group.Name)
			}
		}
		for _, file := range group.Files {
			if _, err := os.Stat(filepath.Join("..", "..", file)); err != nil {
				t.Errorf("%s: %v", group.Name, err)
			}
			named[file] = true
		}
	}
	if want := len(gallery.Entries("")); entries != want {
		t.Errorf("the groups have %d entries, want %d", entries, want)
	}
	for _, pattern := range []string{"views/*.templ", "static/css/*.css"} {
		files, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if name := strings.TrimPrefix(filepath.ToSlash(file), "../../"); !named[name] {
				t.Errorf("no group names %s", name)
			}
		}
	}
}

// TestPages checks the gallery's own pages like TestEntries. It also checks that their links and frames
// lead to pages.
func TestPages(t *testing.T) {
	handler := gallery.Handler()
	followed := map[string]bool{}
	for _, path := range []string{
		"/", "/?direction=rtl&text=150&theme=dark&width=phone", "/?theme=nothing&width=1", "/states/chat", "/states/card-long?text=200&width=tablet",
	} {
		t.Run(path, func(t *testing.T) {
			page := open(t, handler, path)
			checkPolicy(t, page)
			checkNames(t, page)
			checkIDs(t, page)
			if got := page.Find(`.switch-options [aria-current="true"]`).Length(); got != 4 {
				t.Errorf("%d switches tell what is chosen, want 4", got)
			}
			leads := func(selector, attribute string) {
				page.Find(selector).Each(func(_ int, s *goquery.Selection) {
					address, fragment, _ := strings.Cut(s.AttrOr(attribute, ""), "#")
					switch {
					case followed[address]:
					case strings.HasPrefix(address, "/"):
						followed[address] = true
						if code := get(t, handler, address).Code; code != http.StatusOK {
							t.Errorf("%s leads to status %d", address, code)
						}
					case page.Find("#"+fragment).Length() != 1:
						t.Errorf("%q leads nowhere", fragment)
					}
				})
			}
			leads("link", "href")
			leads("header a, .gallery-group:first-of-type a, .gallery-nav a, .siblings a, .skip, .state-head a", "href")
			leads(".gallery-group:first-of-type iframe, .stage iframe", "src")
		})
	}
	for _, path := range []string{"/states/nothing", "/gallery/nothing", "/gallery.go"} {
		if code := get(t, handler, path).Code; code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, code)
		}
	}
}

// TestSwitches checks that what is chosen reaches the entry, and that choosing one thing more keeps it.
func TestSwitches(t *testing.T) {
	handler := gallery.Handler()
	const chosen = "?direction=rtl&text=150&theme=dark"
	index := open(t, handler, "/"+chosen+"&width=phone")
	if got := index.Find(".states.phone .screen.phone").Length(); got != len(gallery.Entries("")) {
		t.Errorf("%d screens are a phone's, want all of them", got)
	}
	if got, want := index.Find(`iframe[title="chat"]`).AttrOr("src", ""), "/gallery/chat"+chosen+"&width=phone"; got != want {
		t.Errorf("the chat comes from %s, want %s", got, want)
	}
	var links []string
	index.Find(".switch-options a").Each(func(_ int, s *goquery.Selection) { links = append(links, s.AttrOr("href", "")) })
	for _, want := range []string{"/" + chosen, "/?direction=rtl&text=150&width=phone", "/?text=150&theme=dark&width=phone"} {
		if !slices.Contains(links, want) {
			t.Errorf("no switch leads to %s, only to %q", want, links)
		}
	}
	entry := open(t, handler, "/gallery/chat"+chosen)
	if entry.Find(`html[dir="rtl"][data-text-size="150"][data-theme="dark"] link[href="/text-size.css"]`).Length() != 1 {
		t.Error("the entry does not look as it was chosen to")
	}
	if open(t, handler, "/gallery/chat").Find("html[dir], html[data-text-size], html[data-theme]").Length() != 0 {
		t.Error("an entry changes although nothing was chosen")
	}
}

func get(t *testing.T, handler http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func open(t *testing.T, handler http.Handler, path string) *goquery.Document {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(get(t, handler, path).Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}
