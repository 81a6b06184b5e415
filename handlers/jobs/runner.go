// Package jobs does what transactions left to do: it sends the mails that they wrote.
package jobs

import (
	"context"
	"log/slog"
	"time"

	"plaza/store"
)

// pollInterval is how often the store is asked for what other servers left, and what is to be
// tried again.
const pollInterval = 5 * time.Second

// Runner sends the mails that wait in the store, one at a time. Several servers may have one each.
type Runner struct {
	store *store.Store
	smtp  *SMTP
	log   *slog.Logger
	woken chan struct{} // holds one token while there may be more to do
}

// NewRunner makes a runner; Run keeps it going.
func NewRunner(s *store.Store, smtp *SMTP, log *slog.Logger) *Runner {
	return &Runner{store: s, smtp: smtp, log: log, woken: make(chan struct{}, 1)}
}

// Wake says that a job was added, so that it need not wait until the runner looks again.
func (r *Runner) Wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// Run sends mails until ctx ends. One that is being sent then is cut off, and left for the next
// start, as are those that wait.
func (r *Runner) Run(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		for r.doNext(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-r.woken:
		}
	}
}

// doNext does the job that is due next; false where there is none.
func (r *Runner) doNext(ctx context.Context) bool {
	job, ok, err := r.store.ClaimJob(ctx)
	if err != nil {
		r.trouble(ctx, "cannot look for mails to send", "error", err)
		return false
	}
	if !ok {
		return false
	}
	if err := r.smtp.Send(ctx, job); err != nil {
		r.trouble(ctx, "cannot send a mail, which is tried again", "job", job.ID, "attempts", job.Attempts+1, "error", err)
		return true
	}
	// Also where ctx ended in the meantime, or it would be sent again.
	finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := r.store.FinishJob(finishing, job); err != nil {
		r.log.Warn("cannot forget a mail that was sent, which may come again", "job", job.ID, "error", err)
	}
	return true
}

func (r *Runner) trouble(ctx context.Context, message string, more ...any) {
	if ctx.Err() == nil {
		r.log.Warn(message, more...)
	}
}
