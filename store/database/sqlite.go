package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
)

// SQLite is a database in one file. It has one server at a time.
type SQLite struct {
	path    string
	run     int64
	opened  os.FileInfo // the file as it was opened; see IsThere
	lock    *os.File    // held while a server runs on the file; nil for other commands
	made    bool        // whether Take made the file
	logged  bool        // whether the log was beside the file when it was taken
	writer  *writer     // nil until the pools are open
	readers pool
}

// NewSQLite returns the database in a file, of which nothing is opened yet: see Take.
func NewSQLite(path string) *SQLite {
	return &SQLite{path: path, run: rand.Int64()} //nolint:gosec // it does not matter if others can guess it
}

func openSQLite(ctx context.Context, path string, mode Mode) (Database, error) {
	f := NewSQLite(path)
	if err := f.open(ctx, mode); err != nil {
		if f.made && mode == Serve {
			err = errors.Join(err, f.unmake())
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// open fills in the file, its lock and its pools. It leaves what it opened to Close.
func (f *SQLite) open(ctx context.Context, mode Mode) error {
	if err := f.Take(mode); err != nil {
		return err
	}
	if err := f.OpenPools(); err != nil {
		return err
	}
	if err := f.CheckWhole(ctx, f.readers.DB); err != nil {
		return f.Explain(err)
	}
	if err := f.Migrate(ctx); err != nil {
		return f.Explain(err)
	}
	if mode == Serve {
		if err := f.writer.startLog(ctx); err != nil {
			return f.Explain(err)
		}
	}
	return connect(ctx, f.readers.DB)
}

// String returns the file's path.
func (f *SQLite) String() string { return f.path }

// SkipLocked is empty: a transaction that writes has the file to itself.
func (f *SQLite) SkipLocked() string { return "" }

// Run is a random number that names the time from Open to Close.
func (f *SQLite) Run() string { return strconv.FormatInt(f.run, 10) }

// Shared is false: a file has one server.
func (f *SQLite) Shared() bool { return false }

// One looks up a row with a statement that is parsed once. It does not watch ctx once it has a
// connection: that costs more than the look-up, which takes microseconds.
func (f *SQLite) One(ctx context.Context, columns []any, query string, arguments ...any) error {
	if err := f.readers.take(ctx); err != nil {
		return err
	}
	defer f.readers.giveBack()
	prepared, err := f.readers.prepared(ctx, query)
	if err != nil {
		return err
	}
	return prepared.QueryRowContext(context.WithoutCancel(ctx), arguments...).Scan(columns...)
}

// Each calls read for every row that a query finds.
func (f *SQLite) Each(ctx context.Context, read func(row Row) error, query string, arguments ...any) error {
	if err := f.readers.take(ctx); err != nil {
		return err
	}
	defer f.readers.giveBack()
	prepared, err := f.readers.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := prepared.QueryContext(ctx, arguments...)
	if err != nil {
		return err
	}
	return eachRow(rows, read)
}

// InTx runs fn in a transaction, once.
func (f *SQLite) InTx(ctx context.Context, fn func(tx *Tx) error) (err error) {
	if err := f.IsThere(); err != nil {
		return err
	}
	if err := f.writer.take(ctx); err != nil {
		return err
	}
	defer func() { f.writer.giveBack(err) }()
	// The end of ctx must not roll back while the next writer has its turn. Statements watch ctx.
	tx, err := f.writer.connection.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return run(&Tx{tx: tx}, fn, func(end func() error) error { return end() })
}

// Commit carries out statements that are parsed once.
func (f *SQLite) Commit(ctx context.Context, statements []*Statement) error {
	if err := f.IsThere(); err != nil {
		return err
	}
	return f.writer.commit(ctx, statements)
}

// Ping reads from the file, and fails if a write would not reach it.
func (f *SQLite) Ping(ctx context.Context) error {
	if err := f.IsThere(); err != nil {
		return err
	}
	var one int
	return f.One(ctx, []any{&one}, `SELECT 1 FROM goose_db_version LIMIT 1`)
}

// unmake removes a file that was made in vain: the next start would refuse it. The lock is held, so
// nobody else uses the file.
func (f *SQLite) unmake() error {
	errs := []error{f.closePools()}
	f.readers.DB, f.writer = nil, nil
	for _, path := range []string{f.path, logOf(f.path), f.path + "-shm"} {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Close closes what was opened, and gives the file's lock back.
func (f *SQLite) Close() error {
	err := f.closePools()
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	return err
}

// closePools closes the pools, if they are open.
func (f *SQLite) closePools() error {
	errs := []error{f.readers.close()}
	if f.writer != nil {
		errs = append(errs, f.writer.close())
	}
	return errors.Join(errs...)
}
