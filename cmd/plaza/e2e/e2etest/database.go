package e2etest

import (
	"math"

	"plaza/store"
	"plaza/store/database"
)

// Messages reads all messages of the public chat from the database. The site may be running or not.
func (s *Site) Messages() []store.Message { return s.MessagesOf(store.PublicRoom) }

// MessagesOf is like Messages, for any room.
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

// Holds checks that the public chat has each of these messages once, and no gaps in its versions. It
// returns the number of messages in the chat.
func (s *Site) Holds(bodies []string) int {
	s.T.Helper()
	return s.HoldsIn(store.PublicRoom, bodies)
}

// HoldsIn is like Holds, for any room.
func (s *Site) HoldsIn(room int64, bodies []string) int {
	s.T.Helper()
	messages := s.MessagesOf(room)
	times := map[string]int{}
	for i, message := range messages {
		times[message.Source]++
		if message.Version != int64(i+1) || message.Seq != message.Version {
			s.T.Fatalf("message %d of the log has the number %d and version %d", i+1, message.Seq, message.Version)
		}
	}
	for _, body := range bodies {
		if times[body] != 1 {
			s.T.Errorf("%q was confirmed, and the log has it %d times, want once", body, times[body])
		}
	}
	return len(messages)
}
