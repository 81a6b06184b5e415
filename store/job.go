package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"plaza/store/database"
)

// Job is work to be done after a commit. The transaction that asks for the work also writes the
// job, so either both are committed or neither.
type Job struct {
	ID       int64
	Kind     JobKind
	Payload  string // JSON, whose fields depend on the kind
	Attempts int    // including the current one
	MadeAt   time.Time
}

// addJob adds a job. The job is deleted with the account userID; 0 means no account.
func addJob(ctx context.Context, tx *database.Tx, kind JobKind, userID int64, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO jobs (kind, user_id, payload, next_at, made_at) VALUES ($1, $2, $3, $4, $4)`,
		string(kind), userID, string(text), now().UnixMilli())
	return err
}

// dueJobs is the condition that a job can be claimed. Its arguments are the kind, the present, the
// oldest allowed time of creation, and the maximum number of attempts.
const dueJobs = `kind = $1 AND next_at <= $2 AND made_at > $3 AND attempts < $4`

// ClaimJob returns the job of a kind that has been due longest. If no job is due, ok is false and
// nothing is written. No other worker gets the job during twice the Timeout of its policy. After
// that time the job is due again, unless the caller has called FinishJob, RetryJob, GiveUpJob or
// ReleaseJob.
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
	if errors.Is(err, sql.ErrNoRows) { // other workers have claimed all due jobs
		return Job{}, false, nil
	}
	job.Kind, job.MadeAt = kind, time.UnixMilli(made)
	return job, err == nil, err
}

// FinishJob removes a job that is done, even if another worker has claimed it since.
func (s *Store) FinishJob(ctx context.Context, job Job) error {
	return s.commitStatements(ctx, &database.Statement{Query: `DELETE FROM jobs WHERE id = $1`, Arguments: []any{job.ID}})
}

// RetryJob schedules the next attempt of a failed job by its policy. If the job has had its last
// attempt, or its lifetime ends before the next one, RetryJob removes the job and again is false.
// RetryJob, GiveUpJob and ReleaseJob do not change a job that another worker has claimed since.
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
	return s.commitStatements(ctx,
		&database.Statement{
			Query:     `DELETE FROM jobs WHERE id = $1 AND attempts = $2`,
			Arguments: []any{job.ID, job.Attempts},
		})
}

// ReleaseJob makes a job due at once. A worker calls it if it stops before the job is done.
func (s *Store) ReleaseJob(ctx context.Context, job Job) error { return s.postponeJob(ctx, job, now()) }

func (s *Store) postponeJob(ctx context.Context, job Job, next time.Time) error {
	return s.commitStatements(ctx, &database.Statement{
		Query:     `UPDATE jobs SET next_at = $1 WHERE id = $2 AND attempts = $3`,
		Arguments: []any{next.UnixMilli(), job.ID, job.Attempts},
	})
}
