// Package store is plaza's model: users, sessions, rooms and messages, their rules, and the SQL
// that stores them. It knows nothing of HTTP.
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
	changes   chan *change                // waiting for their commit
	announced atomic.Int64                // the number of announced posts
	kinds     *lru.Cache[int64, RoomKind] // by room id; see kindOf
	versions  string                      // the statement of takeVersions
	hashing   chan struct{}               // holds one value for each running password hash
	unhashed  atomic.Int64                // the number of passwords that wait to be hashed
	hashes    argon2id.Params
	dummyHash func() (hash string, err error) // the hash compared if the account does not exist
	closing   chan struct{}
	written   chan struct{} // closed when writeChanges has returned
	finished  sync.WaitGroup
}

// Mode says what a database is opened for.
type Mode = database.Mode

// The ways to open a database.
const (
	Serve = database.Serve // by a server of the site: the only one if the database is a file
	Admin = database.Admin // by one command, beside a server
)

// Option sets an option of a Store.
type Option func(s *Store)

// Open opens the site's database. It creates the database file if there is none, and brings the
// schema up to date. The address is the path of an SQLite file, or a postgres:// URL. Open returns
// errors that are sentences for the person at the terminal.
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
		versions: takeVersions(opened),
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

// IsPostgres tells whether an address is a PostgreSQL URL. Any other address is the path of a file.
func IsPostgres(address string) bool { return database.IsPostgres(address) }

// IsShared tells whether several servers may use the store's database at once.
func (s *Store) IsShared() bool { return s.database.Shared() }

// Close finishes the writes that have begun, and closes the database. After Close, all methods
// return errors whose kind is Unavailable.
func (s *Store) Close() error {
	close(s.closing)
	s.finished.Wait()
	return s.database.Close()
}

// InTx runs fn in a transaction that may write, and commits unless fn fails. InTx runs fn again if
// the connection is lost before the commit, so fn must have no effects outside tx. If ctx requires a
// session that has ended, InTx returns ErrSignedOut: see WithSession.
func (s *Store) InTx(ctx context.Context, fn func(tx *database.Tx) error) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.InTx(ctx, sessionOf(ctx).inTx(ctx, fn))
}

// Forget removes what was deleted from the database's own records, as far as reads under way allow. Deleted
// text must be nowhere any more.
func (s *Store) Forget(ctx context.Context) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Forget(ctx)
}

// Ping reports whether the database answers and could take a write.
func (s *Store) Ping(ctx context.Context) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Ping(ctx)
}

// queryRow returns a row of the query's result. Scan runs the query.
func (s *Store) queryRow(ctx context.Context, query string, arguments ...any) row {
	found := row{s.database, ctx, query, arguments, nil}
	if s.isClosing() {
		found.err = errClosing
	}
	return found
}

// rowQuery returns queryRow with a context.
func (s *Store) rowQuery(ctx context.Context) func(query string, arguments ...any) database.Row {
	return func(query string, arguments ...any) database.Row { return s.queryRow(ctx, query, arguments...) }
}

// row is a query for one row. The query runs when Scan is called.
type row struct {
	database  database.Database
	ctx       context.Context //nolint:containedctx // from queryRow to Scan
	query     string
	arguments []any
	err       error // why the query cannot run; nil if it can
}

// Scan copies the row's columns. It returns sql.ErrNoRows if there is no row.
func (r row) Scan(columns ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.database.One(r.ctx, columns, r.query, r.arguments...)
}

// each calls read for every row of the query's result.
func (s *Store) each(ctx context.Context, read func(row database.Row) error, query string, arguments ...any) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Each(ctx, read, query, arguments...)
}

// commitStatements runs statements in one transaction and commits it. It requires no session, so it
// is for what the site itself does.
func (s *Store) commitStatements(ctx context.Context, statements ...*database.Statement) error {
	if s.isClosing() {
		return errClosing
	}
	return s.database.Commit(ctx, statements)
}

// isClosing tells whether Close was called. A query on a closed database would fail with an error
// that looks like a bug.
func (s *Store) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
