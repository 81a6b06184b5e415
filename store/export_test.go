package store

import (
	"context"
	"errors"
	"time"

	"plaza/store/database"
)

// IndexAllNames makes searches find all accounts, even those that a test inserted.
func (s *Store) IndexAllNames(ctx context.Context) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id FROM users ORDER BY id`)
		if err != nil {
			return err
		}
		ids, err := readIDs(rows)
		for _, id := range ids {
			err = errors.Join(err, indexNames(ctx, tx, id))
		}
		return err
	})
}

// OtherJob is a kind of job for tests. Its policy differs from that of mail.
const OtherJob JobKind = "other"

// AddOtherJob makes OtherJob a kind of job. TestMain calls it before any test runs.
func AddOtherJob() {
	jobPolicies[OtherJob] = JobPolicy{
		Lifetime: 10 * time.Hour, Timeout: 10 * time.Minute, FirstWait: 3 * time.Minute, Growth: 5, MaxAttempts: 4,
		Concurrency: 1,
	}
}

// FindStale is the statement that finds messages of an older renderer.
const FindStale = findStale

// AddJob adds a job in a transaction of its own.
func (s *Store) AddJob(ctx context.Context, kind JobKind, userID int64, payload any) error {
	return s.InTx(ctx, func(tx *database.Tx) error { return addJob(ctx, tx, kind, userID, payload) })
}
