package store

import (
	"context"

	"plaza/store/database"
)

// takeVersions gives a room its next versions, and returns the last of them. Each transaction that
// changes a room's log begins with it. It locks the room's row, so versions are committed in order
// and without gaps.
const takeVersions = `UPDATE rooms SET version = version + $2 WHERE id = $1 RETURNING version`

// nextVersions runs takeVersions in a transaction that does more than a shared commit can.
func nextVersions(ctx context.Context, tx *database.Tx, room int64, count int) (last int64, err error) {
	err = tx.QueryRowContext(ctx, takeVersions, room, count).Scan(&last)
	return last, err
}

// Progress is a room's version and state.
type Progress struct{ Version, State int64 }

// Progress returns the version and state of rooms, by their ids. Rooms that do not exist are
// missing. It runs one query.
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
