package views

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"plaza/store"
)

// The live stream sends one and the same fragment to all readers of a room. So it holds what each of
// them may know of a person, whatever else is loaded: the names and the picture.
func TestSharedFragmentsSayNoMoreOfAPerson(t *testing.T) {
	t.Parallel()
	known := store.User{ID: 7, Username: "ada", DisplayName: "Ada Lovelace", Picture: "0123456789abcdef"}
	loaded := known
	loaded.Email, loaded.About, loaded.Role, loaded.Theme = "ada@example.org", "I count rabbits", store.Owner, "dark"
	loaded.RelationsVersion, loaded.EmailHidden, loaded.SeenHidden = 42, true, true
	loaded.CreatedAt, loaded.SeenAt = time.Unix(1e9, 0), time.Unix(1e9, 0)
	for name, fragment := range map[string]func(u store.User) templ.Component{
		"message": func(u store.User) templ.Component {
			return Message(store.Message{Room: 1, Seq: 2, Author: u, HTML: `<p>hello, <a class="mention" href="/u/bob">@bob</a></p>`})
		},
		"erased message": func(u store.User) templ.Component {
			return Message(store.Message{Room: 1, Seq: 2, Author: u, Erased: true})
		},
		"event": func(u store.User) templ.Component {
			return Message(store.Message{Room: 9, Seq: 2, Author: u, Event: store.Joined})
		},
		"page of messages": func(u store.User) templ.Component {
			return Messages([]store.Message{{Room: 1, Seq: 2, Author: u}}, 1, 1)
		},
		"people":  func(u store.User) templ.Component { return PeopleList(People{Users: []store.User{u}, More: 1}) },
		"picture": Picture,
		"typing":  func(u store.User) templ.Component { return Typing([]store.User{u}) },
		"state of a room": func(u store.User) templ.Component {
			return RoomStateContent(RoomState{RoomState: store.RoomState{Members: []store.MemberState{{User: u, ReadTo: 1, Receipts: true}}}})
		},
	} {
		if less, more := rendered(t, fragment(known)), rendered(t, fragment(loaded)); less != more {
			t.Errorf("%s: it is\n%s\nand of a person of whom more is known\n%s", name, less, more)
		} else if !strings.Contains(less, "ada") && !strings.Contains(less, "Ada") {
			t.Errorf("%s: nothing of the person is in it: %s", name, less)
		}
	}
}

// Who does not show how far they have read is in the state of a room without it, and who does not
// show it sees it of nobody.
func TestRoomStateWithoutReceipts(t *testing.T) {
	t.Parallel()
	ada, bob, mei := store.User{ID: 1, Username: "ada"}, store.User{ID: 2, Username: "bob"}, store.User{ID: 3, Username: "mei"}
	state := store.RoomState{Members: []store.MemberState{
		{User: ada, ReadTo: 11, Receipts: true, MayWrite: true}, {User: bob, ReadTo: 22, MayWrite: true}, {User: mei, ReadTo: 33, Receipts: true},
	}}
	for _, test := range []struct {
		viewer store.User
		reads  int // how many read up to where is told
		closed bool
	}{{ada, 2, false}, {bob, 0, false}, {mei, 2, true}} {
		content := rendered(t, RoomStateContent(StateFor(state, test.viewer)))
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
