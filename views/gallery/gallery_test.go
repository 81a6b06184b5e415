package gallery_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"plaza/views/gallery"
)

// TestEntries checks that each page obeys the site's policy, has the names that assistive
// technology needs, and refers only to ids that exist.
func TestEntries(t *testing.T) {
	for _, theme := range []string{"", "light", "dark"} {
		for _, entry := range gallery.Entries(theme) {
			t.Run(entry.Name+" "+theme, func(t *testing.T) {
				page := parse(t, entry)
				checkPolicy(t, page)
				checkNames(t, page)
				checkAccounts(t, page)
				checkHead(t, page)
				checkIDs(t, page)
				if got := page.Find("html").AttrOr("data-theme", ""); got != theme {
					t.Errorf("data-theme is %q, want %q", got, theme)
				}
			})
		}
	}
}

func TestEntryNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, entry := range gallery.Entries("") {
		if seen[entry.Name] {
			t.Errorf("two entries are called %s", entry.Name)
		}
		seen[entry.Name] = true
	}
}

func parse(t *testing.T, entry gallery.Entry) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	if err := entry.Component.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// checkPolicy finds scripts, styles and addresses that the Content-Security-Policy refuses.
func checkPolicy(t *testing.T, page *goquery.Document) {
	t.Helper()
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-") {
				t.Errorf("<%s> has the attribute %s", goquery.NodeName(s), a.Key)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(a.Val, "about:") {
				t.Errorf("<%s> has a refused address", goquery.NodeName(s))
			}
		}
	})
	if page.Find("style, script:not([src])").Length() > 0 {
		t.Error("the page has a style or a script inside")
	}
}

// checkNames looks for pictures, controls and links without a name.
func checkNames(t *testing.T, page *goquery.Document) {
	t.Helper()
	page.Find("img:not([alt])").Each(func(_ int, s *goquery.Selection) {
		t.Errorf("the picture %s has no alt", s.AttrOr("src", ""))
	})
	page.Find("input:not([type=hidden]), textarea, select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		named := s.AttrOr("aria-label", "") != "" || (id != "" && page.Find(`label[for="`+id+`"]`).Length() == 1) || strings.TrimSpace(s.Closest("label").Text()) != ""
		if !named {
			t.Errorf("the control %q has no label", s.AttrOr("name", id))
		}
	})
	page.Find("button:not([hidden]), a[href]:not([aria-hidden]), summary").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			markup, _ := goquery.OuterHtml(s)
			t.Errorf("%s has no name", markup)
		}
	})
	page.Find("svg:not([aria-hidden]):not([role=img][aria-label])").Each(func(_ int, _ *goquery.Selection) {
		t.Error("an svg has neither a name nor aria-hidden")
	})
	if page.Find("h1").Length() != 1 || page.Find("main").Length() != 1 || strings.TrimSpace(page.Find("title").Text()) == "" {
		t.Error("the page needs one h1, one main and a title")
	}
}

// checkHead looks for what search engines and browsers need, and for pictures that move the page when they load.
func checkHead(t *testing.T, page *goquery.Document) {
	t.Helper()
	for _, selector := range []string{`html[lang]`, `head meta[name="description"]`, `head meta[name="viewport"]`, `head link[rel="icon"]`} {
		isSitePage := page.Find(".site-header").Length() > 0 // some entries show only a part of a page
		if isSitePage && page.Find(selector).Length() != 1 {
			t.Errorf("the page needs one %s", selector)
		}
	}
	page.Find("img:not([width]), img:not([height])").Each(func(_ int, s *goquery.Selection) {
		t.Errorf("the picture %s has no size", s.AttrOr("src", ""))
	})
}

// checkAccounts finds forms with a password that do not say whose it is. Password managers would keep it for
// another account, or for none.
func checkAccounts(t *testing.T, page *goquery.Document) {
	t.Helper()
	page.Find("form").Has("input[type=password]").Each(func(_ int, s *goquery.Selection) {
		account := s.Find(`input[autocomplete~="username"]:not([type=hidden])`)
		if account.Length() != 1 || account.Is(".hidden-visually") && account.AttrOr("value", "") == "" {
			t.Errorf("the form %s has no account", s.AttrOr("action", ""))
		}
	})
}

// checkIDs finds ids that occur twice, and references to ids that do not exist. It skips
// templates, which are not part of the page until a script copies them.
func checkIDs(t *testing.T, page *goquery.Document) {
	t.Helper()
	ids := map[string]bool{}
	page.Find("[id]").Not("template [id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if id == "" || strings.ContainsAny(id, " \t\n") || ids[id] {
			t.Errorf("the id %q is empty, has spaces or occurs twice", id)
		}
		ids[id] = true
	})
	for _, attribute := range []string{"for", "aria-describedby", "aria-labelledby", "popovertarget"} {
		page.Find("[" + attribute + "]").Not("template *").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(attribute, "")) {
				if !ids[id] {
					t.Errorf("%s names %q, which is not there", attribute, id)
				}
			}
		})
	}
	page.Find("[data-hx-target^='#']").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("data-hx-target", "")[1:]; !ids[id] {
			t.Errorf("data-hx-target names %q, which is not there", id)
		}
	})
}

// TestContract checks that the pages have the elements that scripts and other programs rely on.
func TestContract(t *testing.T) {
	contract := map[string][]string{
		"chat": {
			`meta[name="htmx-config"]`, `link[rel="stylesheet"][href="/viewer.css?u=ada&v=0"]`,
			`#stream[hidden][data-hx-swap="none"][data-hx-ws\:connect^="/ws?room=1&after="]`,
			`header a[href="/u/ada"]`, `header form[method="post"][action="/logout"] button`,
			`form[method="post"][action="/theme"] button[name="theme"][value="system"][aria-pressed="true"]`,
			`#online[role="status"]:contains("12 online")`,
			`#log[role="log"][aria-label="Public chat"][tabindex="0"] > #messages > article.message`,
			`#messages > a#older[href="/?before=12"][data-hx-get="/messages?room=1&before=12"]`,
			`article#m-1-1[data-seq="1"][data-version="1"][data-author="bo"][data-nonce="nonce-1"]`,
			`article#m-1-1 a[href="/u/bo"] img[src^="/u/bo/picture?v="]`,
			`article#m-1-1 time[datetime="2026-11-23T17:40:00Z"]`, `article#m-1-1 .body`,
			`template#pending`, `#new-messages[hidden]`, `#connection[role="status"]`, `#composer-error[role="alert"]`,
			`form#composer[method="post"][action="/messages"] textarea#message[name="body"]`,
			`#composer input[type="hidden"][name="room"][value="1"]`, `#composer input[type="hidden"][name="nonce"]`,
			`#composer button[formaction="/messages/preview"][data-hx-target="#preview"]`, `#composer #preview`, `#composer #write`,
			`aside[aria-label="People online"] ul#people li a[href="/u/ada"]`, `dialog#shortcuts`,
		},
		"chat-older": {
			`#log a#older`, `#messages > a#newer[href="/?after=57"][data-hx-get="/messages?room=1&after=57"]`,
			`#messages > article.marked[autofocus]`, `main a#new-messages[href="/"]:not([hidden])`, `#composer`,
		},
		"register": {
			`form[method="post"][action="/register"][data-hx-post="/register"]`,
			`input[name="username"][autocomplete="username"]`, `input[name="email"][type="email"]`,
			`input[name="password"][type="password"][autocomplete="new-password"]`, `input[name="password_confirm"]`,
			`label:contains("Confirm password")`, `button:contains("Create account")`,
		},
		"register-errors": {`#username[aria-invalid="true"][aria-describedby="username-error username-help"][autofocus]`, `#password_confirm[value=""]`},
		"login": {
			`form[method="post"][action="/login"] input[name="next"][value="/u/ada"]`, `label:contains("Username or email")`,
			`input[name="login"]`, `input[name="password"][autocomplete="current-password"]`, `button:contains("Sign in")`,
		},
		"search-found": {
			`main form[role="search"][action="/search"] input[type="search"][name="q"][aria-label="Search people"][value="a"]`,
			`header form[role="search"][action="/search"] input[type="search"][name="q"][aria-label="Search people"]`,
			`main #results [role="status"]:contains("3 people")`, `#results a[href="/u/ada"]`,
		},
		"welcome":     {`main a.primary[href="/register"]`, `main a.quiet[href="/login"]`, `header input[type="search"]`, `a[href="/login"]`, `main:contains("12 people are here")`},
		"problem-500": {`main:contains("7F3K-9Q")`, `main a[href="/"]`},
	}
	for _, entry := range gallery.Entries("") {
		for _, selector := range contract[entry.Name] {
			if parse(t, entry).Find(selector).Length() == 0 {
				t.Errorf("%s has no %s", entry.Name, selector)
			}
		}
		delete(contract, entry.Name)
	}
	for name := range contract {
		t.Errorf("there is no entry %s", name)
	}
}

// TestPendingCopy checks the template of the pending copy. The parser keeps its content as the
// template's children.
func TestPendingCopy(t *testing.T) {
	for _, entry := range gallery.Entries("") {
		if entry.Name != "chat" {
			continue
		}
		inside, err := parse(t, entry).Find("template#pending").Html()
		if err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(strings.NewReader(inside))
		if err != nil {
			t.Fatal(err)
		}
		page := goquery.NewDocumentFromNode(root)
		for _, selector := range []string{
			`article.message.pending[data-author="ada"]:not([id])`, `.body`, `time`, `.pending-status`,
			`form[hidden][data-hx-post="/messages"][data-hx-trigger="send"] [name="nonce"]`, `form [name="body"]`, `form [name="room"][value="1"]`,
		} {
			if page.Find(selector).Length() != 1 {
				t.Errorf("the pending copy has no %s in %s", selector, inside)
			}
		}
	}
}
