package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plaza/store/database"
)

// expiry says when the rows of a table expire: a lifetime after the time in a column.
type expiry struct {
	table, column string
	lifetime      time.Duration
	only          string // a further condition; it may be empty
	shared        bool   // only a database that several servers share has the table
	// note is called in the transaction that removes the rows that a condition picks; it may be nil.
	beforeDelete func(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error
}

// expiries returns all that expires.
func expiries() []expiry {
	all := []expiry{
		{table: "sessions", column: "used_at", lifetime: SessionIdleLifetime, beforeDelete: recordSessionsEnded},
		{table: "sessions", column: "created_at", lifetime: SessionLifetime, beforeDelete: recordSessionsEnded},
		{table: "browsers", column: "used_at", lifetime: BrowserLifetime},
		{table: "old_usernames", column: "until"},
		{table: "email_changes", column: "made_at", lifetime: EmailChangeLifetime},
		{table: "notifications", column: "at", lifetime: NotificationsKept},
		{table: "site_events", column: "at", lifetime: siteEventLifetime},
		{table: "inbox_changes", column: "at", lifetime: inboxChangeLifetime},
		{table: "buckets", column: "full_at", shared: true},
		{table: "failures", column: "last", lifetime: FailuresKept + time.Millisecond, shared: true},
	}
	for kind, policy := range jobPolicies {
		all = append(all, expiry{table: "jobs", column: "made_at", lifetime: policy.Lifetime, only: ` AND kind = '` + string(kind) + `'`})
	}
	return all
}

// expireBatch is about how many rows a transaction removes. Other writes pass between two of them.
const expireBatch = 1000

// Expire removes all rows whose time is over, and returns how many there were, by table. It writes
// nothing if there are none. A table that fails keeps no other from being cleaned.
func (s *Store) Expire(ctx context.Context) (expired map[string]int64, err error) {
	expired = map[string]int64{}
	var errs []error
	for _, e := range expiries() {
		if e.shared && !s.IsShared() {
			continue
		}
		rows, err := s.expire(ctx, e)
		expired[e.table] += rows
		if err != nil {
			errs = append(errs, fmt.Errorf("expire %s: %w", e.table, err))
		}
	}
	return expired, errors.Join(errs...)
}

// expire removes the rows of one table, those that expired first at first.
func (s *Store) expire(ctx context.Context, e expiry) (expired int64, err error) {
	find := fmt.Sprintf(`SELECT max(%[2]s) FROM (SELECT %[2]s FROM %[1]s WHERE %[2]s <= $1%[4]s ORDER BY %[2]s LIMIT %[3]d) AS oldest`, e.table, e.column, expireBatch, e.only)
	if e.shared { // no index finds the oldest, and PostgreSQL lets other writes pass anyway
		find = fmt.Sprintf(`SELECT max(%[2]s) FROM %[1]s WHERE %[2]s <= $1`, e.table, e.column) //nolint:gosec // constants of ours
	}
	last := now().Add(-e.lifetime).UnixMilli()
	for {
		var until sql.NullInt64
		if err := s.queryRow(ctx, find, last).Scan(&until); err != nil || !until.Valid {
			return expired, err
		}
		rows, err := s.expireUntil(ctx, e, until.Int64)
		if err != nil {
			return expired, err
		}
		expired += rows
	}
}

func (s *Store) expireUntil(ctx context.Context, e expiry, until int64) (expired int64, err error) {
	condition := e.column + ` <= $1` + e.only
	return expired, s.InTx(ctx, func(tx *database.Tx) error {
		if e.beforeDelete != nil {
			if err := e.beforeDelete(ctx, tx, condition, until); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM `+e.table+` WHERE `+condition, until) //nolint:gosec // constants of ours
		if err != nil {
			return err
		}
		expired, err = result.RowsAffected()
		return err
	})
}
