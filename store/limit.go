package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"plaza/store/database"
)

// Limit is the rate limit of an action. A key may act Burst times at once, and after that once in
// each Every.
type Limit struct {
	Name  string
	Burst int
	Every time.Duration // the time until one more action is allowed
}

// Failures is the number of recent failures, and the time of the last one.
type Failures struct {
	Times int
	Last  time.Time
}

// FailuresKept is how long failures are kept after the last one.
const FailuresKept = 30 * time.Minute

// A bucket is stored as the time at which it will be full again, so that no process has to fill it.
// A refused request takes no token. If a clock was set back, a bucket can seem more than empty: it
// then counts as empty.
const takeFromBucket = `
	INSERT INTO buckets (name, given, full_at) VALUES ($1, TRUE, $2)
	ON CONFLICT (name) DO UPDATE SET
		given = buckets.full_at + $3 <= $4,
		full_at = CASE WHEN buckets.full_at + $3 <= $4 THEN GREATEST(buckets.full_at + $3, excluded.full_at)
			ELSE LEAST(buckets.full_at, $4) END
	RETURNING given, full_at`

// SharedLimits are limits that all servers of the site share.
type SharedLimits struct{ store *Store }

// SharedLimits returns the shared limits. If the site has one server, ok is false: limits in its
// memory are as good, and cheaper.
func (s *Store) SharedLimits() (limits SharedLimits, ok bool) { return SharedLimits{s}, s.IsShared() }

// TakeToken takes a token from the bucket of a key. If the bucket is empty, it returns the time
// until the next token.
func (s SharedLimits) TakeToken(ctx context.Context, limit Limit, key string) (time.Duration, error) {
	at, every := now().UnixMilli(), limit.Every.Milliseconds()
	empty := at + int64(limit.Burst)*every // when an empty bucket would be full
	var given bool
	var fullAt int64
	err := s.store.commitStatements(ctx, &database.Statement{
		Query:     takeFromBucket,
		Arguments: []any{limitName(limit.Name, key), at + every, every, empty},
		Read:      database.Into(&given, &fullAt),
	})
	if err != nil || given {
		return 0, err
	}
	return time.Duration(fullAt+every-empty) * time.Millisecond, nil
}

// Failures returns the recent failures to sign in to an account: those from one address, and those
// from all addresses.
func (s SharedLimits) Failures(ctx context.Context, account, address string) (here, anywhere Failures, err error) {
	byPair, byAccount := failureNames(account, address)
	err = s.store.each(ctx, func(row database.Row) error {
		var name string
		var failures Failures
		var last int64
		err := row.Scan(&name, &failures.Times, &last)
		failures.Last = time.UnixMilli(last)
		if name == byPair {
			here = failures
		} else {
			anywhere = failures
		}
		return err
	}, `SELECT name, times, last FROM failures WHERE name IN ($1, $2) AND last >= $3`,
		byPair, byAccount, now().Add(-FailuresKept).UnixMilli())
	return here, anywhere, err
}

// NoteFailure counts a failure to sign in to an account from an address.
func (s SharedLimits) NoteFailure(ctx context.Context, account, address string) error {
	at := now()
	byPair, byAccount := failureNames(account, address)
	// The account's row always comes last, so that all transactions lock rows in one order.
	return s.store.commitStatements(ctx, &database.Statement{
		Query: `
			INSERT INTO failures (name, times, last) VALUES ($1, 1, $3), ($2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET
				times = CASE WHEN failures.last >= $4 THEN failures.times + 1 ELSE 1 END,
				last = excluded.last`,
		Arguments: []any{byPair, byAccount, at.UnixMilli(), at.Add(-FailuresKept).UnixMilli()},
	})
}

// ForgetFailures deletes the failures of one address to sign in to an account. Failures from other
// addresses still count.
func (s SharedLimits) ForgetFailures(ctx context.Context, account, address string) error {
	byPair, _ := failureNames(account, address)
	return s.store.commitStatements(ctx,
		&database.Statement{Query: `DELETE FROM failures WHERE name = $1`, Arguments: []any{byPair}})
}

func failureNames(account, address string) (byPair, byAccount string) {
	return limitName("failures by pair", address, account), limitName("failures by account", account)
}

// limitName returns the key of a limit's row. It is a hash, so that a reader of the table does not
// see addresses and accounts. (A reader can still test a guess.)
func limitName(parts ...string) string {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(hash[:16])
}
