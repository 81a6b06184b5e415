// Package store is plaza's model: users, sessions, rooms and messages, their rules, and
// the SQL that keeps them. It knows nothing of HTTP.
package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"sync/atomic"
)

// Store keeps a site's data in a database. It is safe for concurrent use.
type Store struct {
	database  database
	posts     chan *pendingPost
	announced atomic.Int64  // posts that are on their way
	hashing   chan struct{} // a place for each password hash that may run at once
	closing   chan struct{}
	written   chan struct{} // closed once no post is written any more
	finished  sync.WaitGroup
}

// Mode says for what a database is opened.
type Mode int

// The ways to open a database.
const (
	Serve Mode = iota // as a server of the site: the only one, where it is a file
	Admin             // beside a server, for one command
)

// Open opens the site's database, makes it where it is missing, and brings its schema up
// to date. The address is the path of an SQLite file, or a postgres:// URL. Its errors are
// sentences for the person at the terminal.
func Open(ctx context.Context, address string, mode Mode) (*Store, error) {
	open := openSQLite
	if IsPostgres(address) {
		open = openPostgres
	}
	database, err := open(ctx, address, mode)
	if err != nil {
		return nil, err
	}
	s := &Store{
		database: database,
		posts:    make(chan *pendingPost, maxBatch),
		hashing:  make(chan struct{}, concurrentHashes()),
		closing:  make(chan struct{}),
		written:  make(chan struct{}),
	}
	s.finished.Go(s.writePosts)
	return s, nil
}

// IsPostgres tells whether an address is a PostgreSQL server's, and not a file's path.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Close finishes the writes that are under way and closes the database. What is asked of it
// after Close fails as Unavailable.
func (s *Store) Close() error {
	close(s.closing)
	s.finished.Wait()
	return s.database.close()
}

// InTx runs fn in a transaction that may write, and commits unless fn fails. Where the
// connection is lost before that, fn is run again, so it has no effects but in tx.
func (s *Store) InTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.inTx(ctx, fn)
}

// Ping reports whether the database answers and could take a write.
func (s *Store) Ping(ctx context.Context) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.ping(ctx)
}

// lookUp asks for one row.
func (s *Store) lookUp(ctx context.Context, query string, arguments ...any) row {
	asked := row{s.database, ctx, query, arguments, nil}
	if s.isClosing() {
		asked.err = errClosing
	}
	return asked
}

// row is one that is asked for when it is scanned.
type row struct {
	database  database
	ctx       context.Context //nolint:containedctx // from lookUp to Scan
	query     string
	arguments []any
	err       error // why it is not asked for
}

// Scan copies the row's columns; sql.ErrNoRows where there is no row.
func (r row) Scan(columns ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.database.one(r.ctx, columns, r.query, r.arguments...)
}

// each calls read for every row of what a query finds.
func (s *Store) each(ctx context.Context, read func(row scanner) error, query string, arguments ...any) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.each(ctx, read, query, arguments...)
}

// carryOut commits statements that are known beforehand.
func (s *Store) carryOut(ctx context.Context, statements ...*statement) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.commit(ctx, statements)
}

// isClosing tells whether Close was called. Using what it closes would fail with an error
// that is no different from a fault of ours.
func (s *Store) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
