package store_test

import (
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// What is stored already is not written again, and no room's state changes.
func TestWhatStaysTheSameIsNotWritten(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	for _, text := range []string{"one", "two", "three"} {
		mustWrite(t, s, ada, room.ID, text)
	}
	read := func() error { _, err := s.ReadRoom(t.Context(), bob, room.ID, 2); return err }
	choose := func() error {
		_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: store.Anyone})
		return err
	}
	mute := func() error { return s.ChooseKinds(t.Context(), bob, []store.NotificationKind{store.Mentioned}) }
	state := func() (state int64) {
		query(t, address, `SELECT state FROM rooms WHERE id = $1`, &state, room.ID)
		return state
	}
	for name, write := range map[string]func() error{"a read marker": read, "the form for privacy": choose, "the form for notifications": mute} {
		mustDo(t, write())
		before := state()
		// A write waits for the room's row, and for the user's.
		blocked := storetest.Beside(t, address)
		tx, err := blocked.BeginTx(t.Context(), nil)
		mustDo(t, err)
		_, err = tx.ExecContext(t.Context(), `UPDATE rooms SET state = state`)
		mustDo(t, err)
		_, err = tx.ExecContext(t.Context(), `UPDATE users SET theme = theme`)
		mustDo(t, err)
		if err := write(); err != nil {
			t.Errorf("%s, again: %v", name, err)
		}
		mustDo(t, tx.Rollback())
		if after := state(); after != before {
			t.Errorf("%s, again, changes the state from %d to %d", name, before, after)
		}
	}
}
