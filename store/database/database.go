// Package database keeps rows in an SQLite file or on a PostgreSQL server, and hides where the two
// differ: how they are opened, how they fail, and how long one waits for them. It knows how the
// schema is brought up to date, and nothing of what the rows mean.
package database

import (
	"context"
	"strings"
)

// Database is an SQLite file or a database on a PostgreSQL server. Both take the same SQL. It is
// safe for concurrent use.
//
// Errors come as the drivers return them: IsAway, IsUniqueViolation and IsNullViolation tell them
// apart.
type Database interface {
	// Shared tells whether several servers may use the database at once.
	Shared() bool
	// One copies the columns of one row; sql.ErrNoRows if there is none.
	One(ctx context.Context, columns []any, query string, arguments ...any) error
	// Each calls read for every row that a query finds, until read fails.
	Each(ctx context.Context, read func(row Row) error, query string, arguments ...any) error
	// InTx runs fn in a transaction that may write, and commits it unless fn fails. If the connection
	// is lost before the commit, fn runs again: it has no effects but in tx.
	InTx(ctx context.Context, fn func(tx *Tx) error) error
	// Commit carries out statements in one transaction, in their order.
	Commit(ctx context.Context, statements []*Statement) error
	// SkipLocked is the clause with which a SELECT locks its rows and passes over rows that other
	// transactions have locked. It is empty if transactions that write come one after the other.
	SkipLocked() string
	// Forget removes deleted content from where the database keeps it for itself.
	Forget(ctx context.Context) error
	// Run is an SQL expression for a number that names the run of the database: a PostgreSQL server has
	// another one after each start and after a failover, and an SQLite file each time it is opened. What
	// an earlier run has committed may be missing: a backup was restored, or a failover lost it.
	Run() string
	// Ping reports whether the database answers and could take a write.
	Ping(ctx context.Context) error
	Close() error
}

// Mode says what a database is opened for.
type Mode int

// The ways to open a database.
const (
	Serve Mode = iota // by a server of the site: the only one, if the database is a file
	Admin             // by one command, beside a server
)

// Open opens a database, makes its file if there is none, and brings its schema up to date. The
// address is the path of an SQLite file, or a postgres:// URL. Its errors are sentences for the
// person at the terminal.
func Open(ctx context.Context, address string, mode Mode) (Database, error) {
	if IsPostgres(address) {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, address, mode)
}

// IsPostgres tells whether an address is a PostgreSQL server's, and not a file's path.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}
