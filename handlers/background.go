package handlers

import (
	"context"
	"time"

	"plaza/views/markdown"
)

func (s *Server) expire(ctx context.Context) {
	every(ctx, time.Minute, func() {
		expired, err := s.store.Expire(ctx)
		if err != nil {
			s.logTrouble(ctx, "remove what has expired", err)
		}
		if givenUp := expired["jobs"]; givenUp > 0 {
			s.log.Error("jobs could not be done in time, and are given up", "jobs", givenUp)
		}
		s.finishDeletions(ctx)
	})
}

func (s *Server) logTrouble(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		s.log.Warn("cannot "+doing, "error", err)
	}
}

// every calls f once a period until ctx ends.
func every(ctx context.Context, period time.Duration, f func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}

// finishDeletions erases what deleted accounts wrote, if they asked for it, and what was said in rooms
// that nobody is in any more. Whether or not somebody waits for it, open pages show what is erased.
func (s *Server) finishDeletions(ctx context.Context) {
	versions, err := s.store.FinishDeletions(context.WithoutCancel(ctx))
	if err != nil {
		s.logTrouble(ctx, "finish deletions", err)
	}
	for room, version := range versions {
		s.hub.Expect(room, version)
	}
}

// renderAgain brings messages that an older renderer made up to date.
func (s *Server) renderAgain(ctx context.Context) {
	if err := s.store.RenderAgain(ctx, markdown.Renderer, s.markdown); err != nil {
		s.logTrouble(ctx, "render older messages again", err)
	}
}
