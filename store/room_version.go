package store

import (
	"context"

	"plaza/store/database"
)

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
