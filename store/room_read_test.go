package store_test

import (
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

func TestUnreadAndRead(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	for i := range 5 {
		mustWrite(t, s, ada, room.ID, fmt.Sprint("message ", i))
	}
	expect := func(who, other store.User, unread int, readTo int64) {
		t.Helper()
		if room := mustRoom(t, s, who, other); room.Unread != unread || room.ReadTo != readTo {
			t.Errorf("%s has %d unread, and read up to %d, want %d and %d", who.Username, room.Unread, room.ReadTo,
				unread, readTo)
		}
	}
	read := func(seq int64, noted bool) {
		t.Helper()
		reading, err := s.ReadRoom(t.Context(), bob, room.ID, seq)
		if err != nil || (reading.State != 0) != noted {
			t.Errorf("read up to %d: %+v, %v", seq, reading, err)
		}
	}
	expect(ada, bob, 0, 5)
	expect(bob, ada, 5, 0)
	read(3, true)
	expect(bob, ada, 2, 3)
	read(3, false) // again
	read(2, false) // by another device, later
	expect(bob, ada, 2, 3)
	read(99, true)
	expect(bob, ada, 0, 5)
	read(5, false)
	mustWrite(t, s, bob, room.ID, "an answer")
	expect(bob, ada, 0, 6)
	expect(ada, bob, 1, 5)
	mustWrite(t, s, ada, room.ID, "an answer to that") // the author has read the room
	expect(ada, bob, 0, 7)
	state, err := s.State(t.Context(), room.ID)
	if err != nil || len(state.Members) != 2 || state.Members[0].ReadTo != 7 || state.Members[1].ReadTo != 6 ||
		!state.Members[0].MayWrite || !state.Members[1].Receipts {
		t.Errorf("the state is %+v, %v", state, err)
	}
}

func TestMarkUnread(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	private := mustRoom(t, s, ada, bob)
	for i := range 5 {
		mustWrite(t, s, ada, private.ID, fmt.Sprint("message ", i))
		mustWrite(t, s, ada, store.PublicRoom, fmt.Sprint("for all ", i))
	}
	for _, room := range []int64{private.ID, store.PublicRoom} {
		isPrivate := room == private.ID
		unread := func(seq, readTo int64, count int, isChanged bool) {
			t.Helper()
			reading, err := s.MarkUnread(t.Context(), bob, room, seq)
			if err != nil || reading.InboxChanged != isChanged || (reading.State > 0) != (isChanged && isPrivate) {
				t.Errorf("mark %d unread: %+v, %v", seq, reading, err)
			}
			inbox := mustInbox(t, s, bob)
			got := map[bool]int{true: inbox.Messages, false: inbox.Public.Count}[isPrivate]
			found, err := s.RoomFor(t.Context(), bob.ID, room)
			if mustDo(t, err); found.ReadTo != readTo || got != count {
				t.Errorf("bob has read up to %d, and %d are unread, want %d and %d", found.ReadTo, got, readTo, count)
			}
		}
		_, err := s.ReadRoom(t.Context(), bob, room, 5)
		mustDo(t, err)
		unread(4, 3, 2, true)
		unread(5, 3, 2, false) // it is unread
		unread(4, 3, 2, false)
		unread(1, 0, 5, true)
		for _, seq := range []int64{0, -1, 6} {
			if _, err := s.MarkUnread(t.Context(), bob, room, seq); store.KindOf(err) != store.NotFound {
				t.Errorf("mark %d unread: %v", seq, err)
			}
		}
		_, err = s.ReadRoom(t.Context(), bob, room, 5)
		mustDo(t, err)
		unread(5, 4, 1, true)
	}
	if _, err := s.MarkUnread(t.Context(), eve, private.ID, 1); store.KindOf(err) != store.NotFound {
		t.Errorf("eve marks a message of others: %v", err)
	}
}
