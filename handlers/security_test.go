package handlers_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/static"
)

// securityHeaders are the headers of every response.
var securityHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Strict-Transport-Security":    "",
}

func TestEveryResponseIsSecure(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	s := open(t, onFile(t, path))
	ada, visitor := s.member("ada"), s.browse()
	full := url.Values{"body": {strings.Repeat("x", 10<<20)}}
	const asset, private = "public, max-age=31536000, immutable", "no-store"
	for _, test := range []struct {
		name   string
		answer func() *answer
		status int
		cache  string
	}{
		{"welcome", func() *answer { return visitor.get("/") }, http.StatusOK, private},
		{"register", func() *answer { return visitor.get("/register") }, http.StatusOK, private},
		{"login", func() *answer { return visitor.get("/login") }, http.StatusOK, private},
		{"chat", func() *answer { return ada.get("/") }, http.StatusOK, private},
		{"older", func() *answer { return ada.get("/messages?room=1&before=9") }, http.StatusOK, private},
		{"older, as a page", func() *answer { return ada.get("/?before=9") }, http.StatusOK, private},
		{"profile", func() *answer { return visitor.get("/u/ada") }, http.StatusOK, private},
		{"post", func() *answer { return ada.message("hello", "nonce") }, http.StatusNoContent, private},
		{"health", func() *answer { return visitor.get("/healthz") }, http.StatusOK, private},
		{"picture", func() *answer { return visitor.get("/u/ada/picture") }, http.StatusOK, "private, no-cache"},
		{"viewer's styles", func() *answer { return ada.get("/viewer.css") }, http.StatusOK, "private, max-age=86400"},
		{"styles", func() *answer { return visitor.get(static.Address(static.Stylesheet)) }, http.StatusOK, asset},
		{"script", func() *answer { return visitor.get(static.Address(static.Script)) }, http.StatusOK, asset},
		{"icons", func() *answer { return visitor.get(static.Address("icons.svg")) }, http.StatusOK, asset},
		{"no such file", func() *answer { return visitor.get("/static/plaza.css") }, http.StatusNotFound, private},
		{"redirect", func() *answer { return visitor.get("/messages") }, http.StatusSeeOther, private},
		{"htmx's redirect", func() *answer { return visitor.get("/messages", "HX-Request", "true") }, http.StatusOK, private},
		{"options", func() *answer { return visitor.send(http.MethodOptions, "/", nil) }, http.StatusNoContent, private},
		{"head", func() *answer { return visitor.send(http.MethodHead, "/", nil) }, http.StatusOK, private},
		{"stream, signed out", func() *answer { return visitor.get("/ws", "Origin", s.url) }, http.StatusUnauthorized, private},
		{"stream, elsewhere", func() *answer { return ada.get("/ws", "Origin", "null") }, http.StatusForbidden, private},
		{"stream, no handshake", func() *answer { return ada.get("/ws", "Origin", s.url) }, http.StatusUpgradeRequired, private},
		{"bad request", func() *answer { return ada.get("/messages?room=1&before=x") }, http.StatusBadRequest, private},
		{"cross-site", func() *answer { return ada.post("/logout", nil, "Origin", "null") }, http.StatusForbidden, private},
		{"nothing there", func() *answer { return visitor.get("/nothing") }, http.StatusNotFound, private},
		{"no such method", func() *answer { return visitor.send(http.MethodDelete, "/", nil) }, http.StatusMethodNotAllowed, private},
		{"too large", func() *answer { return visitor.post("/login", full) }, http.StatusRequestEntityTooLarge, private},
		{"refused form", func() *answer { return visitor.post("/login", nil) }, http.StatusUnprocessableEntity, private},
		{"refused message", func() *answer { return ada.message("", "nonce") }, http.StatusUnprocessableEntity, private},
		{"panic", func() *answer { return broken(t).browse().get("/u/ada") }, http.StatusInternalServerError, private},
		{"too many", func() *answer { return exhausted(t) }, http.StatusTooManyRequests, private},
		// The database is away for the rest.
		{"unhealthy", func() *answer { remove(t, path); return visitor.get("/healthz") }, http.StatusServiceUnavailable, private},
		{"database away", func() *answer { return ada.post("/logout", nil) }, http.StatusServiceUnavailable, private},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := test.answer()
			answer.t = t
			answer.expect(test.status).expectHeader("Cache-Control", test.cache)
			for name, value := range securityHeaders {
				answer.expectHeader(name, value)
			}
		})
	}
}

// remove deletes the file of a site's database.
func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Rename(path, path+" elsewhere"); err != nil {
		t.Fatal(err)
	}
}

// exhausted returns the answer to one form too many.
func exhausted(t *testing.T) *answer {
	t.Helper()
	visitor := open(t, limited).browse()
	for {
		if answer := visitor.post("/register", nil); answer.StatusCode != http.StatusUnprocessableEntity {
			return answer
		}
	}
}

// The answer to a handshake carries the headers too.
func TestStreamIsSecure(t *testing.T) {
	t.Parallel()
	s := open(t)
	socket, response, err := s.member("ada").handshake("/ws", s.url)
	if err != nil {
		t.Fatal(err)
	}
	_ = socket.CloseNow()
	for name, value := range securityHeaders {
		if got := response.Header.Get(name); got != value {
			t.Errorf("%s is %q", name, got)
		}
	}
}

// Only answers over HTTPS tell browsers to stay with HTTPS.
func TestStrictTransportSecurity(t *testing.T) {
	t.Parallel()
	const always = "max-age=31536000"
	for _, test := range []struct {
		name    string
		change  func(*handlers.Config)
		headers []string
		want    string
	}{
		{"http", limited, nil, ""},
		{"https, by the public address", at("https://plaza.example"), nil, always},
		{"http, by the public address", at("http://plaza.example"), []string{"X-Forwarded-Proto", "https"}, ""},
		{"https, by a trusted proxy", behind("127.0.0.0/8"), []string{"X-Forwarded-Proto", "https"}, always},
		{"https, by proxies in a row", behind("127.0.0.0/8"), []string{"X-Forwarded-Proto", "https,http"}, always},
		{"https, in capitals", behind("127.0.0.0/8"), []string{"X-Forwarded-Proto", "HTTPS"}, always},
		{"http, by proxies in a row", behind("127.0.0.0/8"), []string{"X-Forwarded-Proto", "http, https"}, ""},
		{"http, by a trusted proxy", behind("127.0.0.0/8"), []string{"X-Forwarded-Proto", "http"}, ""},
		{"https, by an untrusted peer", behind("192.0.2.0/24"), []string{"X-Forwarded-Proto", "https"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			visitor := open(t, test.change).browse()
			for _, path := range []string{"/", "/nothing", "/healthz", static.Address(static.Stylesheet)} {
				visitor.get(path, test.headers...).expectHeader("Strict-Transport-Security", test.want)
			}
		})
	}
}

// No page contains what the content policy forbids, since browsers would not load it.
func TestPagesKeepToThePolicy(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, visitor := s.member("ada"), s.browse()
	ada.message("**hello** @ada `code` https://example.org", "nonce").expect(http.StatusNoContent)
	inline := regexp.MustCompile(`^on`)
	for name, page := range map[string]*answer{
		"welcome": visitor.get("/"), "register": visitor.get("/register"), "login": visitor.get("/login"),
		"chat": ada.get("/"), "older": ada.get("/?before=9"), "profile": ada.get("/u/ada"), "problem": ada.get("/nothing"),
	} {
		for _, element := range page.document().Find("*").Nodes {
			for _, attribute := range element.Attr {
				loads := attribute.Key == "src" || element.Data == "link" && attribute.Key == "href"
				foreign := loads && (!strings.HasPrefix(attribute.Val, "/") || strings.HasPrefix(attribute.Val, "//"))
				if foreign || attribute.Key == "style" || inline.MatchString(attribute.Key) {
					t.Errorf("%s: <%s %s=%q>", name, element.Data, attribute.Key, attribute.Val)
				}
			}
			if element.Data == "style" || element.Data == "script" && element.FirstChild != nil {
				t.Errorf("%s: an inline <%s>", name, element.Data)
			}
		}
	}
}
