package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
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

// Failures returns the recent failures to sign in to an account: those from each source, and those
// from all. A source is where attempts come from.
func (s SharedLimits) Failures(
	ctx context.Context, account string, sources []string,
) (from []Failures, all Failures, err error) {
	names := failureNames(account, sources)
	found := make([]Failures, len(names))
	err = s.store.each(ctx, func(row database.Row) error {
		var name string
		var failures Failures
		var last int64
		err := row.Scan(&name, &failures.Times, &last)
		failures.Last = time.UnixMilli(last)
		found[slices.Index(names, name)] = failures
		return err
	}, `SELECT name, times, last FROM failures WHERE name = ANY($1) AND last >= $2`,
		names, now().Add(-FailuresKept).UnixMilli())
	return found[:len(sources)], found[len(sources)], err
}

// NoteFailure counts a failure to sign in to an account from sources.
func (s SharedLimits) NoteFailure(ctx context.Context, account string, sources []string) error {
	at := now()
	// The account's row always comes last, so that all transactions lock rows in one order.
	return s.store.commitStatements(ctx, &database.Statement{
		Query: `
			INSERT INTO failures (name, times, last)
			SELECT name, 1, $2 FROM unnest($1::text[]) WITH ORDINALITY AS named (name, place) ORDER BY place
			ON CONFLICT (name) DO UPDATE SET
				times = CASE WHEN failures.last >= $3 THEN failures.times + 1 ELSE 1 END,
				last = excluded.last`,
		Arguments: []any{failureNames(account, sources), at.UnixMilli(), at.Add(-FailuresKept).UnixMilli()},
	})
}

// ForgetFailures deletes the failures of sources to sign in to an account. Failures from other
// sources still count.
func (s SharedLimits) ForgetFailures(ctx context.Context, account string, sources []string) error {
	names := failureNames(account, sources)
	return s.store.commitStatements(ctx, &database.Statement{
		Query: `DELETE FROM failures WHERE name = ANY($1)`, Arguments: []any{names[:len(sources)]},
	})
}

// failureNames returns the names of the rows of an account's failures: one for each source, and then
// the one for all.
func failureNames(account string, sources []string) []string {
	var names []string
	for _, source := range sources {
		names = append(names, limitName("failures by pair", source, account))
	}
	return append(names, limitName("failures by account", account))
}

// limitName returns the key of a limit's row. It is a hash, so that a reader of the table does not
// see addresses and accounts. (A reader can still test a guess.)
func limitName(parts ...string) string {
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(hash[:16])
}
