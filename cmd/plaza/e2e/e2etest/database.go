package e2etest

import (
	"math"

	"plaza/store"
	"plaza/store/database"
)

// Messages reads all of the public chat from the database, beside the site or without it.
func (s *Site) Messages() []store.Message { return s.MessagesOf(store.PublicRoom) }

// MessagesOf is Messages for any room.
func (s *Site) MessagesOf(room int64) (messages []store.Message) {
	s.T.Helper()
	s.beside(func(kept *store.Store) {
		var err error
		messages, err = kept.Changes(s.T.Context(), room, 0, math.MaxInt64)
		if err != nil {
			s.T.Fatal(err)
		}
		var version int64
		err = kept.InTx(s.T.Context(), func(tx *database.Tx) error {
			return tx.QueryRowContext(s.T.Context(), `SELECT version FROM rooms WHERE id = $1`, room).Scan(&version)
		})
		if err != nil || version != int64(len(messages)) {
			s.T.Errorf("the room is at version %d with %d messages, %v", version, len(messages), err)
		}
	})
	return messages
}

// Holds checks that each of these posts is in the public chat once, and that the versions there
// have no gaps. It returns how many messages there are.
func (s *Site) Holds(bodies []string) int {
	s.T.Helper()
	return s.HoldsIn(store.PublicRoom, bodies)
}

// HoldsIn is Holds for any room.
func (s *Site) HoldsIn(room int64, bodies []string) int {
	s.T.Helper()
	messages := s.MessagesOf(room)
	times := map[string]int{}
	for i, message := range messages {
		times[message.Source]++
		if message.Version != int64(i+1) || message.Seq != message.Version {
			s.T.Fatalf("at place %d is the message %d with version %d", i+1, message.Seq, message.Version)
		}
	}
	for _, body := range bodies {
		if times[body] != 1 {
			s.T.Errorf("%q was confirmed, and is there %d times", body, times[body])
		}
	}
	return len(messages)
}
