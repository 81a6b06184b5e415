package handlers_test

import (
	"bytes"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store/storetest"
)

// TestSiteFiles checks the files that browsers and crawlers ask for by themselves.
func TestSiteFiles(t *testing.T) {
	t.Parallel()
	s := open(t)
	for path, kind := range map[string]string{
		"/favicon.ico": "image/x-icon", "/apple-touch-icon.png": "image/png", "/robots.txt": "text/plain; charset=utf-8",
	} {
		got := s.browse().get(path).expect(http.StatusOK).expectHeader("Content-Type", kind).expectHeader("Cache-Control", "public, max-age=86400")
		if got.body == "" || len(got.body) > 10_000 {
			t.Errorf("%s has %d bytes", path, len(got.body))
		}
	}
	const header, entry = 6, 16
	icon := s.browse().get("/favicon.ico").body
	if !strings.HasPrefix(icon, "\x00\x00\x01\x00\x01\x00") {
		t.Fatalf("the icon begins with %q", icon[:header])
	}
	for path, file := range map[string]string{"/favicon.ico": icon[header+entry:], "/apple-touch-icon.png": s.browse().get("/apple-touch-icon.png").body} {
		side := map[string]int{"/favicon.ico": 48, "/apple-touch-icon.png": 180}[path]
		if got, err := png.DecodeConfig(strings.NewReader(file)); err != nil || got.Width != side || got.Height != side {
			t.Errorf("%s is %d × %d, %v", path, got.Width, got.Height, err)
		}
	}
	linked := s.browse().get("/").document().Find(`link[rel="apple-touch-icon"]`).AttrOr("href", "")
	if touch := s.browse().get(linked).expect(http.StatusOK); !bytes.Equal([]byte(touch.body), []byte(s.browse().get("/apple-touch-icon.png").body)) {
		t.Errorf("%s is another picture", linked)
	}
}

// TestRobots checks that crawlers may read each page that a visitor sees, and no page that leads to sign-in.
func TestRobots(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	robots := s.browse().get("/robots.txt").expect(http.StatusOK).body
	lines := strings.Split(strings.TrimSpace(robots), "\n")
	var refused []string
	for _, line := range lines[1:] {
		field, value, ok := strings.Cut(line, ": ")
		switch {
		case ok && field == "User-agent" && value == "*":
		case ok && field == "Disallow" && strings.HasPrefix(value, "/"):
			refused = append(refused, value)
		default:
			t.Errorf("the line %q is unknown", line)
		}
	}
	router := handlers.New(handlers.Config{Store: storetest.MustOpen(t), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Unlimited: true})
	signIn := []int{http.StatusSeeOther, http.StatusUnauthorized, http.StatusForbidden}
	pages := 0
	for _, route := range handlers.Routes(router) {
		if route.Method != http.MethodGet || route.Path == "/static/*" {
			continue
		}
		pages++
		path := regexp.MustCompile(`:\w+`).ReplaceAllString(strings.NewReplacer(":username", "ada", ":room", "1").Replace(route.Path), "1")
		answer := s.browse().get(path)
		isRefused := false
		for _, pattern := range refused {
			isRefused = isRefused || regexp.MustCompile("^"+strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")).MatchString(path)
		}
		if leads := slices.Contains(signIn, answer.StatusCode); leads != isRefused && path != "/healthz" {
			t.Errorf("%s answers visitors with %d, and robots.txt refuses it: %t", path, answer.StatusCode, isRefused)
		}
	}
	if pages < 10 || len(refused) < 10 {
		t.Errorf("%d pages, %d lines", pages, len(refused))
	}
	for _, path := range []string{"/search?", "/healthz"} {
		if !strings.Contains(robots, "\nDisallow: "+path+"\n") {
			t.Errorf("robots.txt does not refuse %s", path)
		}
	}
}
