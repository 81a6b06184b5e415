package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tx is a transaction that may write. It is for one goroutine at a time.
//
// On PostgreSQL, each statement has a time limit of its own, with the reading of its rows. The
// transaction as a whole has none. A statement that is late fails with ErrAway.
type Tx struct {
	tx    *sql.Tx
	limit time.Duration // of each statement; 0: none
}

// ExecContext carries out a statement that returns no rows.
func (t *Tx) ExecContext(ctx context.Context, query string, arguments ...any) (sql.Result, error) {
	limited, cancel := withLimit(ctx, t.limit)
	defer cancel()
	result, err := t.tx.ExecContext(limited, query, arguments...)
	return result, orLate(limited, err)
}

// QueryContext carries out a statement that returns rows: see EachRow, which closes them.
func (t *Tx) QueryContext(ctx context.Context, query string, arguments ...any) (*Rows, error) {
	limited, cancel := withLimit(ctx, t.limit)
	rows, err := t.tx.QueryContext(limited, query, arguments...) //nolint:rowserrcheck // EachRow does
	if err != nil {
		defer cancel()
		return nil, orLate(limited, err)
	}
	return &Rows{rows, limited, cancel}, nil
}

// QueryRowContext carries out a statement that returns a row. Scan returns its error:
// sql.ErrNoRows if there is no row.
func (t *Tx) QueryRowContext(ctx context.Context, query string, arguments ...any) Row {
	if t.limit == 0 {
		return t.tx.QueryRowContext(ctx, query, arguments...)
	}
	limited, cancel := withLimit(ctx, t.limit)
	return &limitedRow{t.tx.QueryRowContext(limited, query, arguments...), limited, cancel}
}

// Rows are the rows that a query of a transaction finds.
type Rows struct {
	rows    *sql.Rows
	limited context.Context //nolint:containedctx // of the query, until its rows are read
	cancel  context.CancelFunc
}

// EachRow calls read for every row until it fails, then closes rows.
func EachRow(rows *Rows, read func(row Row) error) error {
	defer rows.cancel()
	return orLate(rows.limited, eachRow(rows.rows, read))
}

type limitedRow struct {
	row     *sql.Row
	limited context.Context //nolint:containedctx // of the query, until Scan
	cancel  context.CancelFunc
}

func (r *limitedRow) Scan(columns ...any) error {
	defer r.cancel()
	return orLate(r.limited, r.row.Scan(columns...))
}

// run runs fn in a transaction that has begun, and commits it unless fn fails. The end of the
// transaction is bounded by what bound does.
func run(tx *Tx, fn func(tx *Tx) error, bound func(end func() error) error) error {
	if err := fn(tx); err != nil {
		return errors.Join(err, bound(tx.tx.Rollback))
	}
	if err := bound(tx.tx.Commit); err != nil {
		return &unrepeatable{fmt.Errorf("commit: %w", err)} // it may have been carried out
	}
	return nil
}
