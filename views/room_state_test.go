package views

import (
	"bytes"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"plaza/store"
)

// A member without receipts is in the state without a seq, and sees no other member's seq.
func TestRoomStateWithoutReceipts(t *testing.T) {
	t.Parallel()
	ada, bob, mei := store.Person{ID: 1, Username: "ada"}, store.Person{ID: 2, Username: "bob"}, store.Person{ID: 3, Username: "mei"}
	state := store.RoomState{Members: []store.MemberState{
		{Person: ada, ReadTo: 11, Receipts: true, MayWrite: true}, {Person: bob, ReadTo: 22, MayWrite: true}, {Person: mei, ReadTo: 33, Receipts: true},
	}}
	for _, test := range []struct {
		viewer store.Person
		reads  int // how many members have a seq in the state
		closed bool
	}{{ada, 2, false}, {bob, 0, false}, {mei, 2, true}} {
		content := rendered(t, RoomStateContent(StateFor(state, test.viewer.ID)))
		if strings.Count(content, "data-read") != test.reads || strings.Contains(content, "data-closed") != test.closed || strings.Contains(content, "22") {
			t.Errorf("%s is shown %s", test.viewer.Username, content)
		}
	}
}

func rendered(t *testing.T, component templ.Component) string {
	t.Helper()
	var html bytes.Buffer
	if err := component.Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	return html.String()
}
