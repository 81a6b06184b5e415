package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plaza/store/database"
)

// expiry says when the rows of a table expire: lifetime after the time in column.
type expiry struct {
	table, column string
	lifetime      time.Duration
	only          string // a further condition, or ""
	shared        bool   // only shared databases have rows in the table
	// beforeDelete is called in the transaction that deletes rows, with the condition for these
	// rows. It may be nil.
	beforeDelete func(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error
}

// expiries returns all expiries.
func expiries() []expiry {
	all := []expiry{
		{table: "sessions", column: "used_at", lifetime: SessionIdleLifetime, beforeDelete: recordSessionsEnded},
		{table: "sessions", column: "created_at", lifetime: SessionLifetime, beforeDelete: recordSessionsEnded},
		{table: "provider_sign_ins", column: "made_at", lifetime: ProviderSignInLifetime},
		{table: "provider_claims", column: "made_at", lifetime: ProviderSignInLifetime},
		{table: "half_sign_ins", column: "made_at", lifetime: HalfSignInLifetime},
		{table: "challenges", column: "made_at", lifetime: ChallengeLifetime},
		{table: "totp", column: "made_at", lifetime: totpBeginning, only: ` AND on_since = 0`},
		{table: "browsers", column: "used_at", lifetime: BrowserLifetime},
		{table: "old_usernames", column: "until"},
		{table: "email_changes", column: "made_at", lifetime: EmailChangeLifetime},
		{table: "password_resets", column: "made_at", lifetime: ResetLifetime},
		{table: "digest_links", column: "made_at", lifetime: DigestLinkLifetime},
		{table: "refused_addresses", column: "at", lifetime: EmailChangeLifetime, only: ` AND ` + isOfNobody},
		{table: "invites", column: "expires_at", lifetime: invitesKept, only: ` AND expires_at > 0`},
		{table: "notifications", column: "at", lifetime: NotificationsKept},
		{table: "site_events", column: "at", lifetime: siteEventLifetime},
		{table: "inbox_changes", column: "at", lifetime: inboxChangeLifetime},
		{table: "buckets", column: "full_at", shared: true},
		{table: "failures", column: "last", lifetime: FailuresKept + time.Millisecond, shared: true},
	}
	for kind, policy := range jobPolicies {
		all = append(all, expiry{
			table: "jobs", column: "made_at", lifetime: policy.Lifetime,
			only: ` AND kind = '` + string(kind) + `'`,
		})
	}
	return all
}

// expireBatch is about how many rows one transaction deletes. Other writes run between two
// transactions.
const expireBatch = 1000

// Expire deletes all expired rows, and returns their number by table. It writes nothing if there
// are none. If a table fails, Expire still deletes the expired rows of the others.
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

// expire deletes the expired rows of one table, oldest first.
func (s *Store) expire(ctx context.Context, e expiry) (expired int64, err error) {
	find := fmt.Sprintf(`SELECT max(%[2]s)
		FROM (SELECT %[2]s FROM %[1]s WHERE %[2]s <= $1%[4]s ORDER BY %[2]s LIMIT %[3]d) AS oldest`, e.table, e.column,
		expireBatch, e.only)
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
	err = s.InTx(ctx, func(tx *database.Tx) error {
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
	return expired, err
}
