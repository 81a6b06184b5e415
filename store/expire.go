package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// expire removes rows whose time is over, and returns how many there were. It writes nothing where
// there are none. Which they are, by a moment, is a constant of ours: a table and a condition on it.
func (s *Store) expire(ctx context.Context, which string, moment time.Time) (expired int64, err error) {
	var some bool
	err = s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM `+which+`)`, moment.UnixMilli()).Scan(&some) //nolint:gosec // a constant
	if err != nil || !some {
		return 0, err
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM `+which, moment.UnixMilli()) //nolint:gosec // a constant
		if err != nil {
			return err
		}
		expired, err = result.RowsAffected()
		return err
	})
	return expired, err
}
