package store

import (
	"context"

	"plaza/store/database"
)

// takeVersions gives a room its next versions, and returns the last of them. It is the first
// statement of whatever changes a room's log: the lock of the room's row orders all changes, so
// that versions are committed in order and without gaps.
const takeVersions = `UPDATE rooms SET version = version + $2 WHERE id = $1 RETURNING version`

// nextVersions is takeVersions in a transaction that does more than a shared commit can.
func nextVersions(ctx context.Context, tx *database.Tx, room int64, count int) (last int64, err error) {
	err = tx.QueryRowContext(ctx, takeVersions, room, count).Scan(&last)
	return last, err
}

// Progress is how far a room is: its version, and the number of its state.
type Progress struct{ Version, State int64 }

// Progress returns how far rooms are, of those that exist: in one query.
func (s *Store) Progress(ctx context.Context, rooms []int64) (map[int64]Progress, error) {
	found := make(map[int64]Progress, len(rooms))
	return found, s.each(ctx, func(row database.Row) error {
		var room int64
		var progress Progress
		err := row.Scan(&room, &progress.Version, &progress.State)
		found[room] = progress
		return err
	}, `SELECT id, version, state FROM rooms WHERE id = ANY($1)`, rooms)
}
