package store_test

import (
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

func TestConversations(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, mei)
	withBob, withMei := mustRoom(t, s, ada, bob), mustRoom(t, s, ada, mei)
	mustWrite(t, s, bob, withBob.ID, "from bob")
	group, err := s.CreateGroup(t.Context(), mei, "Market", []string{"ada"})
	mustDo(t, err)
	found, more, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 10)
	// The room with mei has no message yet.
	if err != nil || more || len(found) != 2 || found[0].ID != group.ID || found[1].ID != withBob.ID ||
		found[1].Unread != 1 || found[1].Last.Excerpt != "from bob" || found[1].Last.Author.Username != "bob" ||
		found[0].Last.Seq != 0 {
		t.Fatalf("%+v, %v, %v", found, more, err)
	}
	// Conversations with the same time are all there, page by page.
	execute(t, address, `UPDATE rooms SET last_posted_at = 1 WHERE last_posted_at > 0`)
	first, more, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
	mustDo(t, err)
	second, _, err := s.Conversations(t.Context(), ada, store.Point{At: first[0].LastAt, ID: first[0].ID}, 1)
	if err != nil || !more || len(second) != 1 || second[0].ID == first[0].ID {
		t.Errorf("after %+v comes %+v, %v", first, second, err)
	}
	mustDo(t, s.Block(t.Context(), ada, bob))
	if found, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 10); err != nil ||
		found[0].Last.Blocked == found[1].Last.Blocked {
		t.Errorf("a blocked user's message is shown: %+v, %v", found, err)
	}
	mustWrite(t, s, ada, withMei.ID, "to mei")
	found, more, err = s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
	if err != nil || !more || len(found) != 1 || found[0].ID != withMei.ID || found[0].Other.Username != "mei" {
		t.Fatalf("%+v, %v, %v", found, more, err)
	}
	// A deleted user leaves messages behind, and is in no group.
	deletion, err := s.DeleteAccount(t.Context(), mei, true)
	if err != nil || deletion.States[withMei.ID] == 0 || deletion.Versions[group.ID] != 1 {
		t.Fatalf("%+v, %v", deletion, err)
	}
	finishDeletions(t, s)
	room, err := s.RoomFor(t.Context(), ada.ID, withMei.ID)
	if err != nil || !room.Other.Deleted || room.Closed == "" || room.Version != 1 {
		t.Errorf("the room with mei is %+v, %v", room, err)
	}
	if members, err := s.Members(t.Context(), ada, group.ID); err != nil || len(members) != 1 {
		t.Errorf("the group's members are %v, %v", members, err)
	}
}
