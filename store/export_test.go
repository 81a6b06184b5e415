package store

import (
	"context"
	"errors"

	"plaza/store/database"
)

// IndexAllNames has a search find all accounts, however they were made.
func (s *Store) IndexAllNames(ctx context.Context) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id FROM users ORDER BY id`)
		if err != nil {
			return err
		}
		ids, err := readIDs(rows)
		for _, id := range ids {
			err = errors.Join(err, indexNames(ctx, tx, id))
		}
		return err
	})
}
