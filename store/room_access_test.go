package store_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Ada may write to bob depending on their relation and on bob's settings.
func TestWhoMayWriteInPrivate(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	from := func(writers store.Writers) func() error {
		return func() error {
			_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: writers, Receipts: true})
			return err
		}
	}
	relate := func(do func() error) func() error { return do }
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	mustWrite(t, s, bob, room.ID, "what was said stays readable")
	const friends, blocked, nobody = store.ClosedToOthers, store.ClosedByBlock, store.ClosedToAll
	stateChanged := func(do func() error) bool { // whether the room's state changed
		t.Helper()
		before := mustRoom(t, s, ada, bob).State
		mustDo(t, do())
		return mustRoom(t, s, ada, bob).State > before
	}
	for i, step := range []struct {
		what string
		do   func() error
		why  store.ClosedReason // why ada may not write
	}{
		{"friends", from(store.Friends), ""},
		{"nobody", from(store.Nobody), nobody},
		{"anyone", from(store.Anyone), ""},
		{"unfriended", relate(func() error { return s.RemoveFriend(t.Context(), bob, ada) }), ""},
		{"unfriended, from friends", from(store.Friends), friends},
		{"blocked by bob", relate(func() error { return s.Block(t.Context(), bob, ada) }), friends},
		{"blocked by bob, from anyone", from(store.Anyone), friends},
		{"not blocked any more", relate(func() error { return s.Unblock(t.Context(), bob, ada) }), ""},
		{"blocked by ada", relate(func() error { return s.Block(t.Context(), ada, bob) }), blocked},
		{"not blocked by ada", relate(func() error { return s.Unblock(t.Context(), ada, bob) }), ""},
		{"an unknown choice", relate(func() error {
			if err := from("everybody")(); store.KindOf(err) != store.Invalid {
				return fmt.Errorf("the answer is %w", err)
			}
			return nil
		}), ""},
	} {
		before := mustRoom(t, s, ada, bob).Closed
		changed := stateChanged(step.do)
		if now := mustRoom(t, s, ada, bob).Closed; now != step.why || (now == "") != (before == "") && !changed {
			t.Errorf("%s: closed %q after %q, and the state changed: %v", step.what, now, before, changed)
		}
		_, err := s.Post(t.Context(), writing(ada, room.ID, fmt.Sprint("message ", i)))
		var refused *store.Error
		if ok := errors.As(err, &refused); ok != (step.why != "") || ok &&
			(refused.Kind != store.Invalid ||
				refused.Problem() != (store.Problem{Code: store.CodeRoomClosed, Args: store.Args{Closed: step.why, Name: "bob"}})) {
			t.Errorf("%s: the answer to a message is %v", step.what, err)
		}
		if may, err := s.MayWrite(t.Context(), ada.ID, room.ID); err != nil || may != (step.why == "") {
			t.Errorf("%s: may write %v, %v", step.what, may, err)
		}
	}
	_, err := s.ChangePrivacy(t.Context(), ada, store.Privacy{From: store.Nobody})
	mustDo(t, err, from(store.Nobody)())
	if stateChanged(func() error { return s.Block(t.Context(), bob, ada) }) {
		t.Error("the room's state tells bob of a block")
	}
	repeat := writing(ada, room.ID, "message 0")
	repeat.Nonce = "the first of all"
	if _, err := s.Post(t.Context(), repeat); store.KindOf(err) != store.Invalid {
		t.Errorf("a message is answered with %v", err)
	}
}

// A message stays after the room is closed. Posting it again returns it.
func TestRepeatInClosedRoom(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	message := writing(ada, mustRoom(t, s, ada, bob).ID, "hello")
	first, err := s.Post(t.Context(), message)
	mustDo(t, err, s.RemoveFriend(t.Context(), bob, ada))
	if again, err := s.Post(t.Context(), message); err != nil || again.Seq != first.Seq {
		t.Errorf("the answer to a repeat is %+v, %v", again, err)
	}
	other := writing(ada, message.Room, "another")
	other.Nonce = message.Nonce
	if _, err := s.Post(t.Context(), other); store.KindOf(err) != store.Conflict {
		t.Errorf("the answer to another text is %v", err)
	}
}

func TestStrangersHaveNoRoom(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	room, err := s.OpenPrivateRoom(t.Context(), eve, ada)
	if err != nil || room.ID != 0 || room.Closed == "" || room.Other.ID != ada.ID {
		t.Errorf("a stranger's room is %+v, %v", room, err)
	}
	storetest.MustBefriend(t, s, ada, bob)
	theirs := mustRoom(t, s, ada, bob)
	mustWrite(t, s, ada, theirs.ID, "for bob")
	for _, id := range []int64{theirs.ID, theirs.ID + 1, 0, -1, math.MaxInt64} {
		if _, err := s.RoomFor(t.Context(), eve.ID, id); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve gets room %d: %v", id, err)
		}
		if _, err := s.Post(t.Context(), writing(eve, id, fmt.Sprint("to ", id))); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve writes in room %d: %v", id, err)
		}
		if _, err := s.ReadRoom(t.Context(), eve, id, 1); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve reads room %d: %v", id, err)
		}
		if _, err := s.LeaveGroup(t.Context(), eve, id); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve leaves room %d: %v", id, err)
		}
	}
	if outsiders, err := s.Outsiders(t.Context(), theirs.ID, []int64{ada.ID, eve.ID, bob.ID}); err != nil ||
		len(outsiders) != 1 || outsiders[0] != eve.ID {
		t.Errorf("outsiders are %v, %v", outsiders, err)
	}
	if found, _, err := s.Conversations(t.Context(), eve, store.NewestPoint(), 10); err != nil || len(found) != 0 {
		t.Errorf("eve's conversations are %v, %v", found, err)
	}
	// A refused post takes no version, and does not stop other posts.
	if room := mustRoom(t, s, bob, ada); room.Version != 1 {
		t.Errorf("the room is at version %d", room.Version)
	}
}
