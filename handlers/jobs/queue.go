package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"plaza/store"
)

const (
	// pollInterval is how often a queue asks the store for jobs that other servers added, and for
	// jobs to try again.
	pollInterval = 5 * time.Second
	// noteTimeout is how long the store may take to note how an attempt ended.
	noteTimeout = 5 * time.Second
	// stopTimeout is the same for a server that stops: it must be gone before it is killed.
	stopTimeout = time.Second
)

// queue does the jobs of one kind.
type queue struct {
	store  *store.Store
	log    *slog.Logger
	kind   store.JobKind
	policy store.JobPolicy
	handle Handler
	woken  chan struct{} // holds one token while there may be a job to claim
	places chan struct{} // holds one token for each job that is being done
}

func newQueue(s *store.Store, log *slog.Logger, kind store.JobKind, handle Handler) *queue {
	policy := kind.Policy()
	return &queue{
		store: s, log: log.With("kind", kind), kind: kind, policy: policy, handle: handle,
		woken: make(chan struct{}, 1), places: make(chan struct{}, policy.Concurrency),
	}
}

func (q *queue) wake() {
	select {
	case q.woken <- struct{}{}:
	default:
	}
}

func (q *queue) run(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	var workers sync.WaitGroup
	defer workers.Wait()
	for {
		for q.startNext(ctx, &workers) {
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-q.woken:
		}
	}
}

// startNext waits for a free place and starts a worker there on the next job. It returns false if
// no job is due. It claims no job before a place is free: the lease runs from the claim on.
func (q *queue) startNext(ctx context.Context, workers *sync.WaitGroup) bool {
	select {
	case <-ctx.Done():
		return false
	case q.places <- struct{}{}:
	}
	job, ok, err := q.store.ClaimJob(ctx, q.kind)
	if err != nil && ctx.Err() == nil {
		q.log.Warn("cannot look for jobs", "error", err)
	}
	if err != nil || !ok {
		<-q.places
		return false
	}
	workers.Go(func() {
		defer func() { <-q.places }()
		q.do(ctx, job)
	})
	return true
}

// do makes one attempt at a job.
func (q *queue) do(ctx context.Context, job store.Job) {
	attempt, cancel := context.WithTimeout(ctx, q.policy.Timeout)
	failure := q.handle(attempt, job)
	cancel()
	timeout, stopping := noteTimeout, ctx.Err() != nil
	if stopping {
		timeout = stopTimeout
	}
	// Even if ctx has ended: otherwise a job that is done would be done again.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	if err := q.note(noting, job, failure, stopping); err != nil {
		q.log.Warn("cannot note how a job ended, which may be done again", "job", job.ID, "error", err)
	}
}

// note tells the store how an attempt ended.
func (q *queue) note(ctx context.Context, job store.Job, failure error, stopping bool) error {
	log := q.log.With("job", job.ID, "attempts", job.Attempts, "error", failure)
	switch {
	case failure == nil:
		return q.store.FinishJob(ctx, job)
	case IsPermanent(failure):
		log.Error("a job cannot be done, and is given up")
		return q.store.GiveUpJob(ctx, job)
	case stopping:
		return q.store.ReleaseJob(ctx, job)
	}
	again, err := q.store.RetryJob(ctx, job)
	if again {
		log.Warn("a job failed, and is tried again")
	} else {
		log.Error("a job failed for the last time, and is given up")
	}
	return err
}
