package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"plaza/store/database"
)

// Job is work that a transaction asked for. It is written in that transaction, so that neither is
// committed without the other.
type Job struct {
	ID       int64
	Kind     JobKind
	Payload  string // JSON; its fields depend on the kind
	Attempts int    // including the one that this claim is for
	MadeAt   time.Time
}

// addJob adds a job. userID is the account that it is about, with which the job is deleted; 0:
// none.
func addJob(ctx context.Context, tx *database.Tx, kind JobKind, userID int64, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO jobs (kind, user_id, payload, next_at, made_at) VALUES ($1, $2, $3, $4, $4)`,
		string(kind), userID, string(text), now().UnixMilli())
	return err
}

// dueJobs is the condition for jobs that can be claimed: by kind, the present, the oldest that may
// be tried, and the most attempts.
const dueJobs = `kind = $1 AND next_at <= $2 AND made_at > $3 AND attempts < $4`

// ClaimJob returns the job of a kind that has been due for longest; ok is false if none is due.
// No other worker gets it before twice the Timeout of its policy has passed. Then it is due again,
// unless the caller has called FinishJob, RetryJob, GiveUpJob or ReleaseJob. ClaimJob writes
// nothing if no job is due.
func (s *Store) ClaimJob(ctx context.Context, kind JobKind) (job Job, ok bool, err error) {
	at, policy := now(), kind.Policy()
	due := []any{string(kind), at.UnixMilli(), at.Add(-policy.Lifetime).UnixMilli(), policy.MaxAttempts}
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM jobs WHERE `+dueJobs+`)`, due...).Scan(&ok)
	if err != nil || !ok {
		return Job{}, false, err
	}
	var made int64
	err = s.InTx(ctx, func(tx *database.Tx) error {
		return tx.QueryRowContext(ctx, `
			UPDATE jobs SET attempts = attempts + 1, next_at = $5
			WHERE id = (SELECT id FROM jobs WHERE `+dueJobs+` ORDER BY next_at, id LIMIT 1 `+s.database.SkipLocked()+`)
			RETURNING id, payload, attempts, made_at`, append(due, at.Add(policy.lease()).UnixMilli())...,
		).Scan(&job.ID, &job.Payload, &job.Attempts, &made)
	})
	if errors.Is(err, sql.ErrNoRows) { // other workers have claimed all that were due
		return Job{}, false, nil
	}
	job.Kind, job.MadeAt = kind, time.UnixMilli(made)
	return job, err == nil, err
}

// FinishJob removes a job that is done, even if another worker has claimed it in the meantime.
func (s *Store) FinishJob(ctx context.Context, job Job) error {
	return s.commitStatements(ctx, &database.Statement{Query: `DELETE FROM jobs WHERE id = $1`, Arguments: []any{job.ID}})
}

// RetryJob makes a job that has failed wait for its next attempt, as its policy says. It gives the
// job up, and again is false, if it has had its last attempt or its lifetime ends before the next.
// Like GiveUpJob and ReleaseJob, it leaves a job alone that another worker has claimed in the
// meantime.
func (s *Store) RetryJob(ctx context.Context, job Job) (again bool, err error) {
	policy := job.Kind.Policy()
	next := now().Add(policy.wait(job.Attempts))
	if job.Attempts >= policy.MaxAttempts || !next.Before(job.MadeAt.Add(policy.Lifetime)) {
		return false, s.GiveUpJob(ctx, job)
	}
	return true, s.postponeJob(ctx, job, next)
}

// GiveUpJob removes a job that cannot be done.
func (s *Store) GiveUpJob(ctx context.Context, job Job) error {
	return s.commitStatements(ctx, &database.Statement{Query: `DELETE FROM jobs WHERE id = $1 AND attempts = $2`, Arguments: []any{job.ID, job.Attempts}})
}

// ReleaseJob makes a job due at once, for a worker that stops before the job is done.
func (s *Store) ReleaseJob(ctx context.Context, job Job) error { return s.postponeJob(ctx, job, now()) }

func (s *Store) postponeJob(ctx context.Context, job Job, next time.Time) error {
	return s.commitStatements(ctx, &database.Statement{
		Query: `UPDATE jobs SET next_at = $1 WHERE id = $2 AND attempts = $3`, Arguments: []any{next.UnixMilli(), job.ID, job.Attempts},
	})
}
