package static

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"testing"
)

// mostOwnScript is the maximum size of our own part of Script, in compressed bytes.
const mostOwnScript = 10_000

func TestOwnScriptsAreLight(t *testing.T) {
	short, err := current().joinOwn()
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
		t.Errorf("our own scripts take %d bytes at first, want at most %d", compressed.Len(), mostOwnScript)
	}
}

// TestModules checks that the server has each imported module, and that some script imports each of our modules.
func TestModules(t *testing.T) {
	all := current()
	for name, script := range all.byName {
		for _, found := range regexp.MustCompile(`/static/[\w./-]+\.js`).FindAll(script.content, -1) {
			if _, ok := all.byAddress[string(found)]; !ok {
				t.Errorf("%s imports %s, which is not served", name, found)
			}
		}
		if found := importing.Find(script.content); found != nil {
			t.Errorf("%s has an import without a hash: %s", name, found)
		}
	}
	names, err := fs.Glob(content, "js/*/*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d scripts, %v", len(names), err)
	}
	for _, name := range names {
		if _, ok := all.byName[name]; !ok && !slices.Contains(joined, path.Dir(name)) {
			t.Errorf("no script imports %s", name)
		}
	}
}

// A file's address contains the hash of its content, so that browsers may keep it for ever. An address
// with another hash does not exist.
func TestServe(t *testing.T) {
	for _, name := range []string{Stylesheet, Script, PictureScript, "icons.svg"} {
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
