// Package jobs does the jobs that wait in the store.
package jobs

import (
	"context"
	"log/slog"
	"sync"

	"plaza/store"
)

// Handler does a job. It returns once ctx ends. Its error is logged, so it holds no secret and
// nothing personal. The job is tried again unless the error is nil or Permanent. A job may be done
// twice, if its server or the database fails between the work and the note that it is done.
type Handler func(ctx context.Context, job store.Job) error

// Runner does the jobs of a store, several of each kind at once. Each server of a site may have a
// runner; every job goes to one of them.
type Runner struct{ queues map[store.JobKind]*queue }

// New returns a runner with a handler for each kind of job that this server does. Call Run to
// start it.
func New(s *store.Store, log *slog.Logger, handlers map[store.JobKind]Handler) *Runner {
	r := &Runner{map[store.JobKind]*queue{}}
	for kind, handle := range handlers {
		r.queues[kind] = newQueue(s, log, kind, handle)
	}
	return r
}

// Handles reports whether the runner does jobs of a kind.
func (r *Runner) Handles(kind store.JobKind) bool { return r.queues[kind] != nil }

// Wake makes the runner look for jobs of a kind at once, since one was added. It does nothing if
// the runner does not handle the kind.
func (r *Runner) Wake(kind store.JobKind) {
	if q := r.queues[kind]; q != nil {
		q.wake()
	}
}

// Run does jobs until ctx ends. Then it interrupts the jobs that are being done, and releases them
// for other servers and for its next start.
func (r *Runner) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, q := range r.queues {
		running.Go(func() { q.run(ctx) })
	}
	running.Wait()
}
