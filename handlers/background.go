package handlers

import (
	"context"
	"sync"
	"time"

	"plaza/handlers/live"
)

// Run does the background tasks of the server until ctx ends. Then it waits until each has stopped.
func (s *Server) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	tasks.Go(func() { s.hub.Run(ctx) })
	tasks.Go(func() { s.watchSiteEvents(ctx) })
	tasks.Go(func() { s.watchHealth(ctx) })
	tasks.Go(func() { s.expire(ctx) })
	tasks.Go(func() { s.eraseDeleted(ctx) })
	tasks.Go(func() { s.recordSeen(ctx) })
	if s.store.IsShared() {
		tasks.Go(func() { s.joinCluster(ctx) })
		tasks.Go(func() { s.hub.Poll(ctx, streamSource{s}) })
	}
	tasks.Go(func() { s.jobs.Run(ctx) })
	if s.sendsMail() {
		tasks.Go(func() { s.sendDigests(ctx) })
	}
	tasks.Go(func() { s.renderAgain(ctx) })
	tasks.Wait()
}

// stopTimeout is how long a task may take to stop: the server must be gone before it is killed.
const stopTimeout = time.Second

// stopping returns the context of what a task does after ctx has ended.
func stopping(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
}

// logTrouble logs that the server cannot do something, unless ctx has ended.
func (s *Server) logTrouble(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		s.log.Warn("cannot "+doing, "error", err)
	}
}

// expire removes expired rows, erased messages and all traces of them from the store once a minute.
func (s *Server) expire(ctx context.Context) {
	live.Every(ctx, time.Minute, nil, func() {
		expired, err := s.store.Expire(ctx)
		if err != nil {
			s.logTrouble(ctx, "remove what has expired", err)
		}
		if givenUp := expired["jobs"]; givenUp > 0 {
			s.log.Error("jobs could not be done in time, and are given up", "jobs", givenUp)
		}
		s.finishDeletions(ctx)
		if err := s.store.Forget(ctx); err != nil {
			s.logTrouble(ctx, "forget what was deleted", err)
		}
	})
}
