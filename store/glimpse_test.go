package store_test

import (
	"fmt"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/markdown"
)

// The list of conversations and a notification quote a message alike: what it says, and no more.
func TestGlimpses(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	for i, test := range []struct{ source, glimpse string }{
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
		message.Nonce, message.HTML = fmt.Sprint(i), markdown.Render(test.source, nil)
		_, err := s.Post(t.Context(), message)
		mustDo(t, err)
		listed, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
		mustDo(t, err)
		told, _, err := s.Notifications(t.Context(), ada, 0, 1)
		mustDo(t, err)
		if listed[0].Glimpse != test.glimpse || told[0].Glimpse != test.glimpse || listed[0].Own {
			t.Errorf("%q is quoted as %q and %q, want %q", test.source, listed[0].Glimpse, told[0].Glimpse, test.glimpse)
		}
	}
	mustWrite(t, s, ada, room.ID, "and mine")
	if listed, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1); err != nil || !listed[0].Own || listed[0].Glimpse != "and mine" {
		t.Errorf("one's own message is quoted as %+v, %v", listed, err)
	}
}
