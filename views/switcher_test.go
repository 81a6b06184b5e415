package views

import (
	"fmt"
	"testing"

	"plaza/store"
)

func TestConversationsAreFoundByEitherName(t *testing.T) {
	between := func(id int64, other store.Person) store.Conversation {
		var c store.Conversation
		c.ID, c.Kind, c.Other, c.Notebook = id, store.Pair, other, other.ID == 1
		return c
	}
	var market store.Conversation
	market.ID, market.Kind, market.Name = 4, store.Group, "Market"
	viewer := store.User{Person: store.Person{ID: 1, Username: "ada"}}
	conversations := []store.Conversation{
		between(2, store.Person{ID: 2, Username: "bob", DisplayName: "Robert"}),
		between(3, viewer.Person),
		market,
		between(5, store.Person{ID: 8, Username: "~8", Deleted: true}),
	}
	for query, want := range map[string]string{
		"BO": "[/dm/bob]", "rober": "[/dm/bob]", "ada": "[/dm/ada]", "notes": "[/dm/ada]", "mark": "[/rooms/4]", "8": "[]",
	} {
		var found []string
		for _, place := range ConversationsNamed(query, conversations) {
			found = append(found, place.Path)
		}
		if got := fmt.Sprint(found); got != want {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
}
