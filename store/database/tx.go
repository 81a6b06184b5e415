package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Tx is a transaction that may write. It is for one goroutine at a time.
type Tx = sql.Tx

// Rows are the rows that a query of a transaction finds.
type Rows = sql.Rows

// run runs fn in a transaction of a pool's, and commits it unless fn fails.
func run(ctx context.Context, pool *sql.DB, fn func(tx *Tx) error) error {
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
