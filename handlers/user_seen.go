package handlers

import (
	"context"
	"slices"
	"time"
)

// seenInterval is how often it is noted who is here: for all at once, so that no request pays for
// it, and a server that dies has forgotten no more than this.
const seenInterval = time.Minute

// watchSeen notes who is here, and who left, until ctx ends; and then once more.
func (s *Server) watchSeen(ctx context.Context) {
	var missed []int64 // who could not be noted
	note := func(ctx context.Context) {
		people := slices.Compact(slices.Sorted(slices.Values(append(missed, s.hub.Seen()...))))
		missed = nil
		if err := s.store.NoteSeen(ctx, people); err != nil {
			missed = people
			s.logTrouble(ctx, "note who is here", err)
		}
	}
	every(ctx, seenInterval, func() { note(ctx) })
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	note(leaving)
}
