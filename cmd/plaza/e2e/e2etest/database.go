package e2etest

import (
	"math"

	"plaza/store"
)

// Messages reads all messages of the public chat from the database, oldest first. The site may be running or not.
func (s *Site) Messages() []store.Message { return s.MessagesOf(store.PublicRoom) }

// MessagesOf is like Messages, for any room.
func (s *Site) MessagesOf(room int64) (messages []store.Message) {
	s.T.Helper()
	s.beside(func(kept *store.Store) {
		newest, err := kept.NewestMessages(s.T.Context(), room, math.MaxInt32)
		if err != nil {
			s.T.Fatal(err)
		}
		messages = newest.Messages
		if latest := VersionOf(messages); newest.Version != latest {
			s.T.Errorf("the room is at version %d, and the latest change of its messages is %d", newest.Version, latest)
		}
	})
	return messages
}

// VersionOf returns the version of a room that has these messages.
func VersionOf(messages []store.Message) (version int64) {
	for _, message := range messages {
		version = max(version, message.Version)
	}
	return version
}

// Holds checks that the public chat has each of these messages once, and no gaps in its versions. Nobody may have
// changed a message. It returns the number of messages in the chat.
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
