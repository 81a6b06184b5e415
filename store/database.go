package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// database is where a store keeps its rows: an SQLite file or a PostgreSQL server. Both take
// the same SQL; they differ in how they are opened, how they fail, and in what asking costs.
type database interface {
	// one asks for one row; sql.ErrNoRows where there is none.
	one(ctx context.Context, columns []any, query string, arguments ...any) error
	// each calls read for every row of what a query finds, until read fails.
	each(ctx context.Context, read func(row scanner) error, query string, arguments ...any) error
	// inTx runs fn in a transaction that may write.
	inTx(ctx context.Context, fn func(tx *sql.Tx) error) error
	// commit carries out statements that are known beforehand, in one transaction.
	commit(ctx context.Context, statements []*statement) error
	// skipLocked is the clause with which a SELECT locks its rows and passes over rows that other
	// transactions have locked. It is empty where transactions that write come one after the other.
	skipLocked() string
	// ping reports whether the database answers and could take a write.
	ping(ctx context.Context) error
	close() error
}

// statement is one of a transaction whose statements are known before it begins: a database
// across a network is asked once for all of them.
type statement struct {
	query     string
	arguments []any
	// read is called for each row that it returns, and again where the transaction is tried again; nil
	// where it returns none.
	read func(row scanner) error
}

// into is how a statement's row is read into columns.
func into(columns ...any) func(row scanner) error {
	return func(row scanner) error { return row.Scan(columns...) }
}

// scanner is a row whose columns can be copied.
type scanner interface{ Scan(columns ...any) error }

// inTx runs fn in a transaction of a pool's, and commits unless fn fails.
func inTx(ctx context.Context, pool *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return &unrepeatable{fmt.Errorf("commit: %w", err)} // it may have been carried out
	}
	return nil
}

// unrepeatable is an error after which what failed must not be tried again.
type unrepeatable struct{ error }

func (u *unrepeatable) Unwrap() error { return u.error }

// eachRow calls read for every row, then closes rows.
func eachRow(rows *sql.Rows, read func(row scanner) error) error {
	for rows.Next() {
		if err := read(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// migrate brings a schema up to date, each step in a transaction of its own. The name is
// what people call the database, and folder where its steps are.
func migrate(ctx context.Context, pool *sql.DB, name string, dialect goose.Dialect, folder string, options ...goose.ProviderOption) error {
	steps, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, pool, steps, options...)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%s was made by a newer plaza (schema %d, this one knows %d): update plaza", name, have, want)
	}
	_, err = provider.Up(ctx)
	return err
}

// newestStep is the version of a schema that is up to date. The folder is where its steps are.
func newestStep(folder string) (int64, error) {
	steps, err := fs.ReadDir(migrations, "migrations/"+folder)
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(steps[len(steps)-1].Name()) // in the order of their names
}

// schemaVersion is the version of a schema that has been brought to one.
func schemaVersion(ctx context.Context, pool *sql.DB) (int64, error) {
	var version int64
	err := pool.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}
