package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"plaza/store/database"
)

// Limit is how often each may do something: a burst at once, and then as often as it comes back.
type Limit struct {
	Name  string
	Burst int
	Every time.Duration // how long one of the burst takes to come back
}

// Failures is how often something failed lately, and when it last did.
type Failures struct {
	Times int
	Last  time.Time
}

// FailuresKept is how long after the last of them failures are forgotten.
const FailuresKept = 30 * time.Minute

// A bucket is kept as the time when it will be full again, so that nobody has to fill it. Those
// who ask in vain take nothing. Where a clock was set back, a bucket that seems more than empty
// is empty.
const takeFromBucket = `
	INSERT INTO buckets (name, given, full_at) VALUES ($1, TRUE, $2)
	ON CONFLICT (name) DO UPDATE SET
		given = buckets.full_at + $3 <= $4,
		full_at = CASE WHEN buckets.full_at + $3 <= $4 THEN GREATEST(buckets.full_at + $3, excluded.full_at)
			ELSE LEAST(buckets.full_at, $4) END
	RETURNING given, full_at`

// SharedLimits are limits that hold for all servers of the site together.
type SharedLimits struct{ store *Store }

// SharedLimits returns the limits that several servers share. There are none if the site has one
// server: its memory is as good, and costs nothing.
func (s *Store) SharedLimits() (limits SharedLimits, ok bool) { return SharedLimits{s}, s.IsShared() }

// TakeToken takes a token of a key's bucket, or returns how long it takes until there is one.
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

// Failures returns the recent failures to sign in to an account: those of one address, and those
// of all.
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

// NoteFailure counts a failure of an address to sign in to an account.
func (s SharedLimits) NoteFailure(ctx context.Context, account, address string) error {
	at := now()
	byPair, byAccount := failureNames(account, address)
	// The account comes last everywhere: those who fail at it wait for each other in one order.
	return s.store.commitStatements(ctx, &database.Statement{
		Query: `
			INSERT INTO failures (name, times, last) VALUES ($1, 1, $3), ($2, 1, $3)
			ON CONFLICT (name) DO UPDATE SET
				times = CASE WHEN failures.last >= $4 THEN failures.times + 1 ELSE 1 END,
				last = excluded.last`,
		Arguments: []any{byPair, byAccount, at.UnixMilli(), at.Add(-FailuresKept).UnixMilli()},
	})
}

// ForgetFailures forgets those of one address to sign in to an account; those of others still
// count.
func (s SharedLimits) ForgetFailures(ctx context.Context, account, address string) error {
	byPair, _ := failureNames(account, address)
	return s.store.commitStatements(ctx, &database.Statement{Query: `DELETE FROM failures WHERE name = $1`, Arguments: []any{byPair}})
}

func failureNames(account, address string) (byPair, byAccount string) {
	return limitName("failures by pair", address, account), limitName("failures by account", account)
}

// limitName is what a limit's row is called: a hash, since whoever reads the table or a copy of
// it has no need to see who came from where. (Who wants to know it of one address can still try.)
func limitName(parts ...string) string {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(hash[:16])
}
