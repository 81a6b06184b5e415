package store_test

import (
	"errors"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustRoom returns the room of two users.
func mustRoom(t *testing.T, s *store.Store, viewer, other store.User) store.Room {
	t.Helper()
	room, err := s.OpenPrivateRoom(t.Context(), viewer, other)
	if err != nil || room.ID == 0 {
		t.Fatalf("the room of %s and %s: %+v, %v", viewer.Username, other.Username, room, err)
	}
	return room
}

// mustWrite posts a message to a room.
func mustWrite(t *testing.T, s *store.Store, author store.User, room int64, text string) {
	t.Helper()
	if _, err := s.Post(t.Context(), writing(author, room, text)); err != nil {
		t.Fatalf("%s writes %q: %v", author.Username, text, err)
	}
}

func writing(author store.User, room int64, text string) store.NewMessage {
	message := storetest.New(author, text)
	message.Room = room
	return message
}

func mustDo(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestPrivateRoomIsOpenedOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	s := both[0]
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	var rooms [20]store.Room
	var together sync.WaitGroup
	for i := range rooms {
		together.Go(func() {
			one, other := ada, bob
			if i%2 == 1 {
				one, other = bob, ada
			}
			var err error
			if rooms[i], err = both[i/2%2].OpenPrivateRoom(t.Context(), one, other); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	for i, room := range rooms {
		want := bob
		if i%2 == 1 {
			want = ada
		}
		if room.ID != rooms[0].ID || room.Kind != store.Pair || room.Other.Username != want.Username || room.Closed != "" {
			t.Errorf("room %d is %+v", i, room)
		}
	}
	notebook := mustRoom(t, s, ada, ada)
	if notebook.ID == rooms[0].ID || notebook.Other.ID != ada.ID || notebook.Closed != "" {
		t.Errorf("ada's notebook is %+v", notebook)
	}
	mustWrite(t, s, ada, notebook.ID, "a note")
}

// The messages of a pair are deleted with the second of its accounts.
func TestLastOfPairIsDeleted(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	storetest.MustUser(t, s, "first")
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	mustWrite(t, s, ada, mustRoom(t, s, ada, bob).ID, "for bob")
	mustWrite(t, s, ada, mustRoom(t, s, ada, ada).ID, "a note")
	for _, step := range []struct {
		who  store.User
		left int
	}{{ada, 1}, {bob, 0}} {
		_, err := s.DeleteAccount(t.Context(), step.who, false)
		mustDo(t, err)
		finishDeletions(t, s)
		var rooms, messages int
		query(t, address, `SELECT count(*) FROM rooms WHERE kind = 'pair'`, &rooms)
		query(t, address, `SELECT count(*) FROM messages`, &messages)
		if rooms != step.left || messages != step.left {
			t.Errorf("without %s there are %d rooms and %d messages", step.who.Username, rooms, messages)
		}
	}
}
