package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// busyTimeout is how long SQLite waits for a lock. forgetTimeout is how long Forget lets writes wait for the
// reads under way.
const (
	busyTimeout   = 5 * time.Second
	forgetTimeout = 100 * time.Millisecond
)

// Forget empties the write-ahead log. SQLite zeroes deleted content in the file (secure_delete), but the log
// keeps earlier states of a page until later writes cover them. A read that takes long keeps the log. The
// next call empties it.
func (f *SQLite) Forget(ctx context.Context) (err error) {
	if err := f.IsThere(); err != nil {
		return err
	}
	if err := f.writer.take(ctx); err != nil {
		return err
	}
	defer func() { f.writer.giveBack(err) }()
	ctx = context.WithoutCancel(ctx)
	if err := f.writer.carryOut(ctx, waitFor(forgetTimeout)); err != nil {
		return err
	}
	err = f.writer.moveLog(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(err, f.writer.carryOut(ctx, waitFor(busyTimeout)))
}

// waitFor is the statement that sets how long a connection waits for a lock.
func waitFor(timeout time.Duration) *Statement {
	return &Statement{Query: fmt.Sprintf(`PRAGMA busy_timeout = %d`, timeout.Milliseconds())}
}
