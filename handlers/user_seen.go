package handlers

import (
	"context"
	"slices"
	"time"

	"plaza/handlers/live"
)

// seenInterval is how often the server records when users were last seen. It records all users at
// once, so that no request pays for it. A server that crashes loses at most one interval.
const seenInterval = time.Minute

// recordSeen records when users were last seen, until ctx ends and then once more.
func (s *Server) recordSeen(ctx context.Context) {
	var missed []int64 // users that could not be recorded
	record := func(ctx context.Context) {
		people := slices.Compact(slices.Sorted(slices.Values(append(missed, s.hub.Seen()...))))
		missed = nil
		if err := s.store.NoteSeen(ctx, people); err != nil {
			missed = people
			s.logTrouble(ctx, "record when users were last seen", err)
		}
	}
	live.Every(ctx, seenInterval, nil, func() { record(ctx) })
	leaving, cancel := stopping(ctx)
	defer cancel()
	record(leaving)
}
