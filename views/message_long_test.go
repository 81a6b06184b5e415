package views

import (
	"strings"
	"testing"

	"plaza/store"
)

// A message of more than 25 lines is folded, however they come about.
func TestLongMessagesAreFolded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source string
		long   bool
	}{
		"short":          {"hello", false},
		"25 lines":       {strings.Repeat("line\n", 24) + "line", false},
		"26 lines":       {strings.Repeat("line\n", 25) + "line", true},
		"one long line":  {strings.Repeat("word ", 500), true},
		"a line of 2000": {strings.Repeat("x", 2000), false},
	} {
		e := entry{Message: store.Message{Room: 1, Seq: 1, Source: test.source, HTML: "<p>text</p>"}}
		var html strings.Builder
		if err := article(e).Render(t.Context(), &html); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(html.String(), "Show all"); got != test.long {
			t.Errorf("%s: folded %t", name, got)
		}
	}
}
