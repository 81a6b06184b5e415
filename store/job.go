package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// Mail is a letter to one person, in plain text.
type Mail struct {
	To      string // an address
	Subject string
	Body    string
}

// Job is a mail that waits to be sent. It is written in the transaction that it is about, so that
// neither is ever there without the other.
type Job struct {
	ID       int64
	Mail     Mail
	Attempts int // before this one
	MadeAt   time.Time
}

const (
	// JobLifetime is how long a job is tried.
	JobLifetime = 24 * time.Hour
	// JobLease is how long whoever claimed a job for the first time has it alone; afterwards it is
	// twice as long each time.
	JobLease = time.Minute
)

// addJob has a mail sent once the transaction is committed.
func addJob(ctx context.Context, tx *database.Tx, mail Mail) error {
	at := now().UnixMilli()
	_, err := tx.ExecContext(ctx, `INSERT INTO jobs (recipient, subject, body, next_at, made_at) VALUES ($1, $2, $3, $4, $4)`,
		mail.To, mail.Subject, mail.Body, at)
	return err
}

// ClaimJob takes the next job that is due, which no other server then gets; ok is false where
// there is none. A job that is not finished comes back by itself, each time later, whether it
// failed or its server died.
func (s *Store) ClaimJob(ctx context.Context) (job Job, ok bool, err error) {
	at := now()
	oldest := at.Add(-JobLifetime).UnixMilli()
	err = s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM jobs WHERE next_at <= $1 AND made_at > $2)`, at.UnixMilli(), oldest).Scan(&ok)
	if err != nil || !ok {
		return Job{}, false, err
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		var made int64
		err := tx.QueryRowContext(ctx, `
			SELECT id, recipient, subject, body, attempts, made_at FROM jobs
			WHERE next_at <= $1 AND made_at > $2 ORDER BY next_at, id LIMIT 1`, at.UnixMilli(), oldest,
		).Scan(&job.ID, &job.Mail.To, &job.Mail.Subject, &job.Mail.Body, &job.Attempts, &made)
		if err != nil {
			return err
		}
		job.MadeAt = time.UnixMilli(made)
		again := at.Add(JobLease << min(job.Attempts, 16)).UnixMilli()
		_, err = tx.ExecContext(ctx, `UPDATE jobs SET attempts = attempts + 1, next_at = $1 WHERE id = $2`, again, job.ID)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) { // another server was faster
		return Job{}, false, nil
	}
	return job, err == nil, err
}

// FinishJob forgets a job that is done.
func (s *Store) FinishJob(ctx context.Context, job Job) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM jobs WHERE id = $1`, job.ID)
		return err
	})
}
