package store

import (
	"context"

	"plaza/store/database"
)

// lockSite makes transactions that call it first come one after the other, on all servers.
func lockSite(ctx context.Context, tx *database.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE metadata SET value = value WHERE name = $1`, siteID)
	return err
}
