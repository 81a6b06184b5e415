package handlers

import (
	"context"

	"plaza/store"
)

// inboxChanged updates the inbox on open pages of users. Call it after the change is committed.
func (s *Server) inboxChanged(people ...int64) { s.hub.InboxChanged(people...) }

// statesChanged updates open pages of private rooms to states with these numbers or later ones. The
// states must be committed.
func (s *Server) statesChanged(states map[int64]int64) {
	for room, number := range states {
		s.hub.Touch(room, number)
	}
}

// pairStateChanged is statesChanged for the room of two users, if they have one. It goes on after ctx has
// ended, since the change is committed.
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
