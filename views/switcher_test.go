package views

import (
	"fmt"
	"testing"

	"plaza/store"
)

func TestConversationsAreFoundByEitherName(t *testing.T) {
	between := func(id int64, other store.User) store.Conversation {
		return store.Conversation{Room: store.Room{ID: id, Kind: store.Pair, Other: other, Notebook: other.ID == 1}}
	}
	viewer := store.User{ID: 1, Username: "ada"}
	conversations := []store.Conversation{
		between(2, store.User{ID: 2, Username: "bob", DisplayName: "Robert"}),
		between(3, viewer),
		{Room: store.Room{ID: 4, Kind: store.Group, Name: "Market", Other: viewer}},
		between(5, store.User{ID: 8, Username: "~8"}),
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
