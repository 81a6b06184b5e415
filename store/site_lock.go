package store

import (
	"context"

	"plaza/store/database"
)

// lockSite serializes the transactions that call it, on all servers. Call it before other
// statements.
func lockSite(ctx context.Context, tx *database.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE metadata SET value = value WHERE name = $1`, siteID)
	return err
}
