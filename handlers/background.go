package handlers

import (
	"context"
	"time"

	"plaza/views/markdown"
)

func (s *Server) expire(ctx context.Context) {
	every(ctx, time.Minute, func() {
		if err := s.store.ExpireSessions(ctx); err != nil {
			s.logTrouble(ctx, "expire sessions", err)
		}
		if err := s.store.ExpireSiteEvents(ctx); err != nil {
			s.logTrouble(ctx, "expire site events", err)
		}
		if err := s.store.ExpireOldUsernames(ctx); err != nil {
			s.logTrouble(ctx, "expire old usernames", err)
		}
		if err := s.store.ExpireLimits(ctx); err != nil {
			s.logTrouble(ctx, "expire limits", err)
		}
		if err := s.store.ExpireEmailChanges(ctx); err != nil {
			s.logTrouble(ctx, "expire changes of emails", err)
		}
		if err := s.store.ExpireNotifications(ctx); err != nil {
			s.logTrouble(ctx, "expire notifications", err)
		}
		if err := s.store.ExpireInboxChanges(ctx); err != nil {
			s.logTrouble(ctx, "expire inbox changes", err)
		}
		if err := s.store.ExpireBrowsers(ctx); err != nil {
			s.logTrouble(ctx, "expire browsers", err)
		}
		s.finishDeletions(ctx)
		givenUp, err := s.store.ExpireJobs(ctx)
		if err != nil {
			s.logTrouble(ctx, "expire jobs", err)
		}
		for kind, n := range givenUp {
			s.log.Error("jobs could not be done in time, and are given up", "kind", kind, "jobs", n)
		}
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
