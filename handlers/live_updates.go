package handlers

import (
	"context"

	"plaza/store"
)

// concern has open pages of people show what waits for them by now. It is called once what concerns
// them is committed.
func (s *Server) inboxChanged(people ...int64) { s.hub.InboxChanged(people...) }

// touch has open pages of private rooms show what stands beside their logs by now: the numbers of
// these states, which are committed.
func (s *Server) statesChanged(states map[int64]int64) {
	for room, number := range states {
		s.hub.Touch(room, number)
	}
}

// pairStateChanged is touch for the room of two people, where they have one. It does not wait for whoever
// leaves before the answer: what it shows is committed.
func (s *Server) pairStateChanged(ctx context.Context, viewer, other store.User) {
	ctx = context.WithoutCancel(ctx)
	room, err := s.store.PrivateRoom(ctx, viewer, other)
	if err != nil {
		s.logTrouble(ctx, "look for the room of two people", err)
		return
	}
	if room.ID != 0 {
		s.hub.Touch(room.ID, room.State)
	}
}
