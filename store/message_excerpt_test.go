package store_test

import (
	"fmt"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/markdown"
)

// The list of conversations and a notification have the same excerpt of a message.
func TestExcerpts(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	for i, test := range []struct{ source, excerpt string }{
		{"Hi there, **how** are *you*?", "Hi there, how are you?"},
		{"Here is code:\n```go\nfunc main() {}\n```\nand `more`.", "Here is code: func main() {} and more."},
		{"- figs\n- honey\n  - chestnut", "figs honey chestnut"},
		{"one\ntwo\n\n> three", "one two three"},
		{"| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"},
		{"1 < 2 & <b>bold</b> :tada:", "1 < 2 & <b>bold</b> 🎉"},
		{strings.Repeat("ä", 121), strings.Repeat("ä", 119) + "…"},
		{strings.Repeat("ä", 120), strings.Repeat("ä", 120)},
		{strings.Repeat("*a* ", 1000), strings.Repeat("a ", 59) + "a…"},
	} {
		message := writing(bob, room.ID, test.source)
		message.Nonce, message.Text = fmt.Sprint(i), markdown.Render(test.source, nil).Text
		_, err := s.Post(t.Context(), message)
		mustDo(t, err)
		listed, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
		mustDo(t, err)
		found, _, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 1)
		mustDo(t, err)
		if listed[0].Last.Excerpt != test.excerpt || found[0].Excerpt != test.excerpt || listed[0].Last.Own {
			t.Errorf("the excerpts of %q are %q and %q, want %q", test.source, listed[0].Last.Excerpt, found[0].Excerpt,
				test.excerpt)
		}
	}
	mustWrite(t, s, ada, room.ID, "and mine")
	if listed, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1); err != nil ||
		!listed[0].Last.Own || listed[0].Last.Excerpt != "and mine" {
		t.Errorf("the author's own list has %+v, %v", listed, err)
	}
}
