package handlers_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/handlers"
)

// meta returns the content of a page's meta elements, by their name or property.
func (a *answer) meta() map[string]string {
	a.t.Helper()
	found := map[string]string{}
	for _, s := range a.document().Find("head meta[content]").EachIter() {
		found[s.AttrOr("name", s.AttrOr("property", ""))] = s.AttrOr("content", "")
	}
	return found
}

// public gives the site an address of its own.
func public(config *handlers.Config) {
	config.URL = &url.URL{Scheme: "https", Host: "plaza.example.org"}
}

// TestPreviews checks that pages that visitors see have a preview, with absolute addresses.
func TestPreviews(t *testing.T) {
	t.Parallel()
	s := open(t, public)
	s.member("ada").post("/settings/profile", url.Values{"display_name": {`Ada <"Lovelace">`}, "about": {"A secret of members."}}).expect(http.StatusSeeOther)
	const site = "plaza: one square, and everyone talks"
	for path, want := range map[string]struct{ title, url, card string }{
		"/":                           {site, "/", "summary_large_image"},
		"/login":                      {site, "/", "summary_large_image"},
		"/login?next=%2Frooms%2F2":    {site, "/", "summary_large_image"},
		"/register":                   {"Create an account on plaza", "/register", "summary_large_image"},
		"/search":                     {"Find people on plaza", "/search", "summary_large_image"},
		"/search?q=somebody%20secret": {"Find people on plaza", "/search", "summary_large_image"},
		"/u/ada":                      {`Ada <"Lovelace"> (@ada)`, "/u/ada", "summary"},
	} {
		page := s.browse().get(path, "Host", "evil.example.com").expect(http.StatusOK)
		meta := page.meta()
		if meta["og:title"] != want.title || meta["og:url"] != "https://plaza.example.org"+want.url || meta["twitter:card"] != want.card {
			t.Errorf("%s: %v", path, meta)
		}
		for _, name := range []string{"description", "og:description", "og:site_name", "og:type", "og:image:alt", "twitter:title", "twitter:description"} {
			if meta[name] == "" {
				t.Errorf("%s has no %s", path, name)
			}
		}
		for name, content := range meta {
			if strings.Contains(content, "secret") || strings.Contains(content, "evil") {
				t.Errorf("%s has the %s %q", path, name, content)
			}
		}
		for _, name := range []string{"og:image", "twitter:image"} {
			picture, ok := strings.CutPrefix(meta[name], "https://plaza.example.org")
			if !ok {
				t.Errorf("%s has the %s %q", path, name, meta[name])
				continue
			}
			s.browse().get(picture).expect(http.StatusOK).expectHeader("Content-Type", "image/png").
				expectHeader("Cache-Control", "public, max-age=31536000, immutable")
		}
	}
}

// TestPreviewPicture checks that the picture of the site has the size that the preview says, and that few
// bytes make it.
func TestPreviewPicture(t *testing.T) {
	t.Parallel()
	s := open(t)
	meta := s.browse().get("/").meta()
	path, ok := strings.CutPrefix(meta["og:image"], s.url)
	if !ok {
		t.Fatalf("without --url the picture is at %q", meta["og:image"])
	}
	content := s.browse().get(path).expect(http.StatusOK).body
	config, err := png.DecodeConfig(bytes.NewReader([]byte(content)))
	if err != nil || config.Width != 1200 || config.Height != 630 || meta["og:image:width"] != "1200" || meta["og:image:height"] != "630" {
		t.Errorf("%d × %d, %v, announced as %s × %s", config.Width, config.Height, err, meta["og:image:width"], meta["og:image:height"])
	}
	if len(content) > 60_000 {
		t.Errorf("the picture takes %d bytes", len(content))
	}
}

// TestMembersPagesHaveNoPreview checks that a shared address of a members' page gives nothing away: it leads to
// sign-in. The pages of members themselves have a description for browsers, which is that of the site.
func TestMembersPagesHaveNoPreview(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.member("bob")
	site := s.browse().get("/").meta()["description"]
	ada.message("A secret of members.", "1").expect(http.StatusNoContent)
	for _, path := range []string{"/", "/u/bob", "/friends", "/settings", "/dm", "/search?q=bob"} {
		meta := ada.get(path).meta()
		if meta["description"] != site || meta["og:title"] != "" || meta["og:url"] != "" || meta["twitter:card"] != "" {
			t.Errorf("%s: %v", path, meta)
		}
	}
	for _, path := range []string{"/friends", "/settings", "/dm/bob", "/rooms/1"} {
		visitor := s.browse().get(path).expect(http.StatusSeeOther)
		if there := s.browse().get(visitor.Header.Get("Location")).meta(); there["og:url"] != s.url+"/" || there["description"] != site {
			t.Errorf("%s leads to a page with the preview %v", path, there)
		}
	}
}
