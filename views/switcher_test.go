package views

import (
	"fmt"
	"testing"

	"plaza/store"
)

// between returns a conversation of the viewer 1 with a person.
func between(id int64, other store.Person, unread int) store.Conversation {
	var c store.Conversation
	c.ID, c.Kind, c.Other, c.Notebook, c.Unread = id, store.Pair, other, other.ID == 1, unread
	return c
}

// named returns the paths of the places that a query finds.
func (d Destinations) named(query string) string {
	var found []string
	for _, place := range d.Named(query) {
		found = append(found, place.Path)
	}
	return fmt.Sprint(found)
}

func TestConversationsAreFoundByEitherName(t *testing.T) {
	var market store.Conversation
	market.ID, market.Kind, market.Name = 4, store.Group, "Market"
	ada := store.User{Person: store.Person{ID: 1, Username: "ada"}}
	d := Destinations{Viewer: ada, Conversations: []store.Conversation{
		between(2, store.Person{ID: 2, Username: "bob", DisplayName: "Robert"}, 0),
		between(3, ada.Person, 0),
		market,
		between(5, store.Person{ID: 8, Username: "~8", Deleted: true}, 0),
	}}
	for query, want := range map[string]string{
		"BO": "[/dm/bob]", "rober": "[/dm/bob]", "ada": "[/dm/ada /u/ada]", "notes": "[/dm/ada]", "mark": "[/rooms/4]", "8": "[]",
	} {
		if got := d.named(query); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
}

// Unread conversations come first, then other conversations and people, then pages. Nobody is there twice.
func TestPlacesInOrder(t *testing.T) {
	person := func(id int64, name string) store.Person { return store.Person{ID: id, Username: name} }
	ada := store.User{Person: person(1, "ada")}
	read := Destinations{Viewer: ada, Conversations: []store.Conversation{
		between(2, person(2, "fritz"), 0),
		between(3, person(3, "frida"), 3),
		between(4, person(4, "émile"), 0), // whom the search finds by "emile"
	}}
	unread := read
	unread.Public = 2
	const pages = "/dm /notifications /friends /search /settings /u/ada]"
	found := func(d Destinations, people ...store.Person) Destinations {
		d.People = people
		return d
	}
	for _, test := range []struct {
		name  string
		d     Destinations
		query string
		want  string
	}{
		{"an empty query", read, "", "[/dm/frida /dm/fritz /dm/%C3%A9mile / " + pages},
		{"an empty query, and an unread public chat", unread, "", "[/ /dm/frida /dm/fritz /dm/%C3%A9mile " + pages},
		{"a query", found(unread, person(3, "frida"), person(5, "frieda"), person(2, "fritz")), "fri", "[/dm/frida /dm/fritz /u/frieda /friends]"},
		{"a query that the search understands better", found(read, person(4, "émile")), "emile", "[/dm/%C3%A9mile]"},
		{"the unread public chat", unread, "chat", "[/]"},
		{"the public chat that is read", read, "chat", "[/]"},
		{"the viewer", found(read, ada.Person), "ada", "[/u/ada]"},
	} {
		if got := test.d.named(test.query); got != test.want {
			t.Errorf("%s finds %s, want %s", test.name, got, test.want)
		}
	}
	many := Destinations{Viewer: ada}
	for id := range int64(20) {
		many.Conversations = append(many.Conversations, between(100+id, person(100+id, fmt.Sprint("friend-", id)), 0))
	}
	many.Conversations[15].Unread = 1
	if found := many.Named("friend"); len(found) != conversationsOffered+1 || found[0].Path != "/dm/friend-15" || found[0].unread != 1 {
		t.Errorf("many conversations are %v", found)
	}
}
