// Package store is plaza's model: users, sessions, rooms and messages, their rules, and
// the SQL that keeps them. It knows nothing of HTTP.
package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
	lru "github.com/hashicorp/golang-lru/v2"

	"plaza/store/database"
)

// Store keeps a site's data in a database. It is safe for concurrent use.
type Store struct {
	database  database.Database
	changes   chan *change                // that wait for their commit
	announced atomic.Int64                // how many posts are announced
	kinds     *lru.Cache[int64, RoomKind] // of the rooms in use; see kindOf
	hashing   chan struct{}               // a place for each password hash that may run at once
	hashes    argon2id.Params
	dummyHash func() (hash string, err error) // stands for the hash of an account that does not exist
	closing   chan struct{}
	written   chan struct{} // closed once no change is written any more
	finished  sync.WaitGroup
}

// Mode says what a database is opened for.
type Mode = database.Mode

// The ways to open a database.
const (
	Serve = database.Serve // as a server of the site: the only one, if it is a file
	Admin = database.Admin // beside a server, for one command
)

// Option changes how a store works.
type Option func(s *Store)

// Open opens the site's database, makes it where it is missing, and brings its schema up
// to date. The address is the path of an SQLite file, or a postgres:// URL. Its errors are
// sentences for the person at the terminal.
func Open(ctx context.Context, address string, mode Mode, options ...Option) (*Store, error) {
	opened, err := database.Open(ctx, address, mode)
	if err != nil {
		return nil, err
	}
	kinds, err := lru.New[int64, RoomKind](knownKinds)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	s := &Store{
		database: opened,
		kinds:    kinds,
		changes:  make(chan *change, maxBatch),
		hashing:  make(chan struct{}, concurrentHashes()),
		hashes:   hashParameters,
		closing:  make(chan struct{}),
		written:  make(chan struct{}),
	}
	for _, option := range options {
		option(s)
	}
	s.dummyHash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("", &s.hashes) })
	s.finished.Go(s.writeChanges)
	return s, nil
}

// IsPostgres tells whether an address is a PostgreSQL server's, and not a file's path.
func IsPostgres(address string) bool { return database.IsPostgres(address) }

// IsShared tells whether several servers may use the store's database at once.
func (s *Store) IsShared() bool { return s.database.Shared() }

// Close finishes the writes that are under way and closes the database. What is asked of it
// after Close fails as Unavailable.
func (s *Store) Close() error {
	close(s.closing)
	s.finished.Wait()
	return s.database.Close()
}

// InTx runs fn in a transaction that may write, and commits unless fn fails. Where the
// connection is lost before that, fn is run again, so it has no effects but in tx.
func (s *Store) InTx(ctx context.Context, fn func(tx *database.Tx) error) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.InTx(ctx, fn)
}

// Ping reports whether the database answers and could take a write.
func (s *Store) Ping(ctx context.Context) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Ping(ctx)
}

// queryRow asks for one row.
func (s *Store) queryRow(ctx context.Context, query string, arguments ...any) row {
	asked := row{s.database, ctx, query, arguments, nil}
	if s.isClosing() {
		asked.err = errClosing
	}
	return asked
}

// row is one that is asked for when it is scanned.
type row struct {
	database  database.Database
	ctx       context.Context //nolint:containedctx // from queryRow to Scan
	query     string
	arguments []any
	err       error // why it is not asked for
}

// Scan copies the row's columns; sql.ErrNoRows where there is no row.
func (r row) Scan(columns ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.database.One(r.ctx, columns, r.query, r.arguments...)
}

// each calls read for every row of what a query finds.
func (s *Store) each(ctx context.Context, read func(row database.Row) error, query string, arguments ...any) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Each(ctx, read, query, arguments...)
}

// commitStatements commits statements that are known beforehand.
func (s *Store) commitStatements(ctx context.Context, statements ...*database.Statement) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Commit(ctx, statements)
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
