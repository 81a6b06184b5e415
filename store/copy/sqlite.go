package copy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"plaza/store/database"
)

// fileEnd is an end of a copy in an SQLite file. It holds the server's lock, so that no server
// starts during the copy, and blocks all other writers.
type fileEnd struct {
	*database.SQLite
	tx *sql.Tx
}

// copyCache is the size of the page cache in KiB. Rows are sorted by one index, so they change
// pages of the other indexes in random order.
const copyCache = 64 << 10

func (f *fileEnd) openSource(ctx context.Context) error {
	if _, err := os.Stat(f.String()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s", f) // and SQLite must not make one
	}
	if err := f.Take(database.Serve); err != nil {
		return err
	}
	if err := f.OpenUntouched(); err != nil {
		return err
	}
	if err := f.CheckOurs(ctx, f.Writer()); err != nil {
		return err
	}
	return f.CheckWhole(ctx, f.Writer())
}

func (f *fileEnd) openTarget(ctx context.Context) error {
	if err := f.Take(database.Serve); err != nil {
		return err
	}
	if err := f.OpenPools(); err != nil {
		return err
	}
	if err := f.CheckOurs(ctx, f.Readers()); err != nil {
		return err
	}
	// Before the migration, because an existing site must not change.
	used, err := f.exists(ctx, f.Readers(), "users", `SELECT EXISTS (SELECT 1 FROM users)`)
	if err == nil && used {
		err = notEmpty(f, "users")
	}
	if err != nil {
		return err
	}
	return f.Migrate(ctx)
}

// exists tells whether a query finds something. It returns false if the table does not exist.
func (f *fileEnd) exists(ctx context.Context, pool *sql.DB, table, query string) (bool, error) {
	var found bool
	err := pool.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = $1`,
		table).Scan(&found)
	if err != nil || !found {
		return false, err
	}
	err = pool.QueryRowContext(ctx, query).Scan(&found)
	return found, err
}

func (f *fileEnd) version(ctx context.Context) (int64, error) {
	known, err := f.exists(ctx, f.Writer(), "goose_db_version", `SELECT true`)
	if err != nil || !known {
		return 0, err
	}
	return database.SchemaVersion(ctx, f.Writer())
}

func (f *fileEnd) beginSource(ctx context.Context) (*sql.Tx, error) { return f.begin(ctx) }

func (f *fileEnd) beginTarget(ctx context.Context) (*sql.Tx, error) {
	if _, err := f.Writer().ExecContext(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, copyCache)); err != nil {
		return nil, err
	}
	return f.begin(ctx)
}

// begin begins a transaction that may write. The source's transaction writes nothing, but keeps
// others from writing.
func (f *fileEnd) begin(ctx context.Context) (*sql.Tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var err error
	f.tx, err = f.Writer().BeginTx(context.WithoutCancel(ctx), nil) // only Close or commitCopy ends it
	return f.tx, err
}

// checkUnserved does nothing: a server would hold the file's lock.
func (f *fileEnd) checkUnserved(context.Context) error { return nil }

func (f *fileEnd) inByteOrder(column siteColumn) string { return column.name }

func (f *fileEnd) insert(ctx context.Context, table *siteTable, rows *rowReader) error {
	statement, err := f.tx.PrepareContext(ctx,
		fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table.name, table.list(), database.Placeholders(len(table.columns))))
	if err != nil {
		return err
	}
	// Watching ctx would cost as much as inserting the row. The reader of the rows watches it.
	unwatched := context.WithoutCancel(ctx)
	for rows.Next() {
		if _, err := statement.ExecContext(unwatched, rows.values...); err != nil {
			return errors.Join(err, statement.Close())
		}
	}
	return statement.Close()
}

// finishInserts does nothing: SQLite keeps no statistics by default.
func (f *fileEnd) finishInserts(context.Context) error { return nil }

// lastNumber returns 0 for tables whose last id SQLite does not keep. They continue after the
// largest id.
func (f *fileEnd) lastNumber(ctx context.Context, table *siteTable) (int64, error) {
	var last int64
	err := f.tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1`,
		table.name).Scan(&last)
	return last, err
}

func (f *fileEnd) setLastNumber(ctx context.Context, table *siteTable, last int64) error {
	if _, err := f.tx.ExecContext(ctx, `DELETE FROM sqlite_sequence WHERE name = $1`, table.name); err != nil {
		return err
	}
	_, err := f.tx.ExecContext(ctx, `
		INSERT INTO sqlite_sequence (name, seq)
		SELECT name, $2 FROM sqlite_master WHERE type = 'table' AND name = $1 AND sql LIKE '%AUTOINCREMENT%'`,
		table.name, last)
	return err
}

func (f *fileEnd) commitCopy() error {
	if err := f.IsThere(); err != nil {
		return fmt.Errorf("%s was moved or replaced during the copy", f)
	}
	return f.tx.Commit()
}

// Close ends the transaction, and closes the file.
func (f *fileEnd) Close() error {
	if f.tx != nil {
		_ = f.tx.Rollback() // no effect if it is committed
	}
	return f.SQLite.Close()
}
