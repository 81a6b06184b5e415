package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// copiedFile is an SQLite file that a site is copied from or to. A copy holds it as a server
// does, so that none starts meanwhile, and keeps all others from writing to it.
type copiedFile struct {
	*sqliteFile
	tx *sql.Tx
}

// copyCache is how many KiB of a file's pages are kept while rows are written in the order of
// one index, which is not that of the others.
const copyCache = 64 << 10

func (f *copiedFile) String() string { return f.path }

func (f *copiedFile) folder() string { return "sqlite" }

func (f *copiedFile) openSource(ctx context.Context) error {
	if _, err := os.Stat(f.path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s", f.path) // and none is made
	}
	if err := f.openFile(Serve); err != nil {
		return err
	}
	f.writer.DB = openPool(f.path, 1, "_txlock=immediate")
	_, err := f.isMarked(ctx, f.writer.DB)
	return err
}

func (f *copiedFile) openTarget(ctx context.Context) error {
	if err := f.openFile(Serve); err != nil {
		return err
	}
	f.openPools()
	if _, err := f.isMarked(ctx, f.readers.DB); err != nil {
		return err
	}
	// Before the schema is brought up to date: a site that is there is not to be touched.
	used, err := f.exists(ctx, f.readers.DB, "users", `SELECT EXISTS (SELECT 1 FROM users)`)
	if err == nil && used {
		err = notEmpty(f, "users")
	}
	if err != nil {
		return err
	}
	return f.migrate(ctx)
}

// exists asks whether there is what a query looks for, unless its table is not even there.
func (f *copiedFile) exists(ctx context.Context, pool *sql.DB, table, query string) (bool, error) {
	var found bool
	err := pool.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = $1`, table).Scan(&found)
	if err != nil || !found {
		return false, err
	}
	err = pool.QueryRowContext(ctx, query).Scan(&found)
	return found, err
}

func (f *copiedFile) version(ctx context.Context) (int64, error) {
	known, err := f.exists(ctx, f.writer.DB, "goose_db_version", `SELECT true`)
	if err != nil || !known {
		return 0, err
	}
	return schemaVersion(ctx, f.writer.DB)
}

func (f *copiedFile) beginSource(ctx context.Context) (*sql.Tx, error) { return f.begin(ctx) }

func (f *copiedFile) beginTarget(ctx context.Context) (*sql.Tx, error) {
	if _, err := f.writer.ExecContext(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, copyCache)); err != nil {
		return nil, err
	}
	return f.begin(ctx)
}

// begin begins a transaction that may write, though the source's does not: others then cannot.
func (f *copiedFile) begin(ctx context.Context) (*sql.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var err error
	f.tx, err = f.writer.BeginTx(context.WithoutCancel(ctx), nil) // it is we who end it
	return f.tx, err
}

// checkUnserved has nothing to do: a server would hold the file's lock.
func (f *copiedFile) checkUnserved(context.Context) error { return nil }

func (f *copiedFile) inByteOrder(column copiedColumn) string { return column.name }

func (f *copiedFile) insert(ctx context.Context, table *copiedTable, rows *rowReader) error {
	statement, err := f.tx.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table.name, table.list(), placeholders(len(table.columns))))
	if err != nil {
		return err
	}
	// Watching ctx would cost as much as the row; rows does it.
	unwatched := context.WithoutCancel(ctx)
	for rows.Next() {
		if _, err := statement.ExecContext(unwatched, rows.values...); err != nil {
			return errors.Join(err, statement.Close())
		}
	}
	return statement.Close()
}

// settle has nothing to do: SQLite keeps no statistics unless told to.
func (f *copiedFile) settle(context.Context) error { return nil }

// lastNumber is 0 where SQLite does not keep it, but takes the largest there is.
func (f *copiedFile) lastNumber(ctx context.Context, table *copiedTable) (int64, error) {
	var last int64
	err := f.tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1`, table.name).Scan(&last)
	return last, err
}

func (f *copiedFile) setLastNumber(ctx context.Context, table *copiedTable, last int64) error {
	if _, err := f.tx.ExecContext(ctx, `DELETE FROM sqlite_sequence WHERE name = $1`, table.name); err != nil {
		return err
	}
	_, err := f.tx.ExecContext(ctx, `
		INSERT INTO sqlite_sequence (name, seq)
		SELECT name, $2 FROM sqlite_master WHERE type = 'table' AND name = $1 AND sql LIKE '%AUTOINCREMENT%'`, table.name, last)
	return err
}

func (f *copiedFile) commitCopy() error {
	if err := f.isThere(); err != nil {
		return fmt.Errorf("%s was moved or replaced meanwhile", f.path)
	}
	return f.tx.Commit()
}

func (f *copiedFile) explain(err error) error { return explainSQLite(f.path, err) }

func (f *copiedFile) close() error {
	if f.tx != nil {
		_ = f.tx.Rollback() // nothing to do where it is committed
	}
	return f.sqliteFile.close()
}
