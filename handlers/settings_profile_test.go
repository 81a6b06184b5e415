package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestProfileIsShownAsItWasSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("hello", "1").expect(http.StatusNoContent)
	bob.get("/").expect(http.StatusOK) // fills the cache of the page
	form := url.Values{"display_name": {"  Ada   Lovelace "}, "about": {"I **count**, with @bob.\r\n<script>alert(1)</script>"}, "role": {"owner"}, "is_owner": {"1"}}
	ada.post("/settings/profile", form).expect(http.StatusSeeOther).expectHeader("Location", "/settings/profile")
	if note := ada.get("/settings/profile").text(`[role="status"].saved`); note != "Saved." {
		t.Errorf("the form says %q", note)
	}
	page := bob.get("/u/ada").expect(http.StatusOK)
	if name := page.text("h1"); name != "Ada Lovelace" {
		t.Errorf("ada goes by %q", name)
	}
	about := page.document().Find(".about")
	if about.Find("strong").Text() != "count" || about.Find(`a[href="/u/bob"]`).Length() != 1 || strings.Contains(page.body, "<script>alert") {
		t.Errorf("about is %s", page.body)
	}
	eventually(t, "the chat has the name too", func() bool { return bob.get("/").text("#messages article .author") == "Ada Lovelace" })
	bob.message("go on", "2").expect(http.StatusNoContent)
	if author := bob.get("/").document().Find("article .author").First().Text(); author != "Ada Lovelace" {
		t.Errorf("after another message ada goes by %q", author)
	}
}

func TestProfileRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("bob")
	for name, test := range map[string]struct{ field, displayName, about string }{
		"a name too long":         {"display_name", strings.Repeat("x", 65), ""},
		"a name that turns round": {"display_name", "ada\u202eadmin", ""},
		"a name of marks":         {"display_name", "._-", ""},
		"a name with a gap":       {"display_name", "a\u200bda", ""},
		"a name that is blank":    {"display_name", "\u2800\u3164", ""},
		"another user's username": {"display_name", "B\u043eb", ""},
		"no text":                 {"display_name", "a\xffb", ""},
		"too much about oneself":  {"about", "Ada", strings.Repeat("x", 501)},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"display_name": {test.displayName}, "about": {test.about}}
			for _, header := range []string{"false", "true"} {
				page := ada.in(t).post("/settings/profile", form, "HX-Request", header).expect(http.StatusUnprocessableEntity)
				if page.text("#"+test.field+"-error") == "" {
					t.Errorf("nothing is said beside %s: %s", test.field, page.body)
				}
			}
			if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.DisplayName != "" || user.About != "" {
				t.Errorf("it was kept: %+v, %v", user, err)
			}
		})
	}
}
