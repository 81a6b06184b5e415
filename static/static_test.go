package static

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
)

// mostOwnScript is how many bytes the site's own scripts may take on the wire.
const mostOwnScript = 6_000

func TestOwnScriptsAreLight(t *testing.T) {
	names, err := fs.Glob(content, "js/*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d scripts, %v", len(names), err)
	}
	var joined bytes.Buffer
	for _, name := range names {
		script, err := fs.ReadFile(content, name)
		if err != nil {
			t.Fatal(err)
		}
		joined.WriteString(scoped(script))
	}
	short, err := shorten("js", joined.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var compressed bytes.Buffer
	w, err := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(short); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", compressed.Len())
	if compressed.Len() > mostOwnScript {
		t.Errorf("the site's own scripts take %d bytes, want at most %d", compressed.Len(), mostOwnScript)
	}
}

// A file's address is of its content, so that it may be kept for ever; an address of other
// content leads nowhere.
func TestServe(t *testing.T) {
	for _, name := range []string{Stylesheet, Script, "icons.svg"} {
		for _, encoding := range []string{"", "gzip"} {
			request := httptest.NewRequest(http.MethodGet, Address(name), nil)
			request.Header.Set("Accept-Encoding", encoding)
			answer := httptest.NewRecorder()
			Serve(answer, request)
			if got := answer.Header().Get("Content-Encoding"); answer.Code != http.StatusOK || got != encoding {
				t.Errorf("%s for %q: %d, %q", name, encoding, answer.Code, got)
			}
			if got := answer.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s is kept as %q", name, got)
			}
		}
	}
	for _, path := range []string{"/static/", "/static/plaza.css", "/static/plaza.0123456789ab.css", "/static/../static.go"} {
		answer := httptest.NewRecorder()
		Serve(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
}
