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
			s.log.Error("mails could not be sent, and are given up", "mails", givenUp)
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

// renderAgain brings messages that an older renderer made up to date.
func (s *Server) renderAgain(ctx context.Context) {
	if err := s.store.RenderAgain(ctx, markdown.Renderer, s.markdown); err != nil {
		s.logTrouble(ctx, "render older messages again", err)
	}
}
