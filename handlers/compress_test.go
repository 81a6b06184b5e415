package handlers_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// news is what is new on each page.
var news = regexp.MustCompile(`name="nonce" value="[^"]*"|data-as-of="[^"]*"`)

// An answer made of compressed parts unpacks to the whole page.
func TestPagesAreCompressed(t *testing.T) {
	s := open(t)
	ada := s.member("ada")
	for i := range 60 {
		ada.message(fmt.Sprintf("message %d, with some words that all of them have", i), fmt.Sprint(i)).expect(http.StatusNoContent)
	}
	for _, path := range []string{"/", "/", "/?before=50", "/messages?room=1&before=55", "/u/ada", "/nowhere"} {
		plain := ada.get(path, "Accept-Encoding", "identity")
		packed := ada.get(path, "Accept-Encoding", "br, gzip")
		if got := plain.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s is compressed as %s without being asked for", path, got)
		}
		if got := packed.Header.Get("Content-Encoding"); got != "gzip" {
			t.Errorf("%s is compressed as %q", path, got)
			continue
		}
		for _, answer := range []*answer{plain, packed} {
			if vary := strings.Join(answer.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") {
				t.Errorf("%s varies by %q", path, vary)
			}
		}
		member, err := gzip.NewReader(strings.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := io.ReadAll(member) // checks the checksum and the length
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if news.ReplaceAllString(string(unpacked), "") != news.ReplaceAllString(plain.body, "") {
			t.Errorf("%s is another page when it is compressed", path)
		}
		if len(packed.body) > len(unpacked)/2 {
			t.Errorf("%s has %d bytes, and %d when compressed", path, len(unpacked), len(packed.body))
		}
	}
}

func TestSmallAnswersAreNotCompressed(t *testing.T) {
	s := open(t)
	ada := s.member("ada")
	answer := ada.get("/messages?room=1&before=1", "Accept-Encoding", "gzip").expect(http.StatusOK)
	if got := answer.Header.Get("Content-Encoding"); got != "" {
		t.Errorf("nothing is compressed as %s", got)
	}
}
