package store

import (
	"context"
	"database/sql"
)

// oneAtATime makes transactions that call it first come one after the other, on all servers.
func oneAtATime(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE facts SET value = value WHERE name = $1`, siteID)
	return err
}
