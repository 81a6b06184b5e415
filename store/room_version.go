package store

import (
	"context"
	"math/rand/v2"

	"plaza/store/database"
)

// takeVersions returns the statement that gives a room its next versions, and returns the last of
// them and the room's history. Each transaction that changes a room's log begins with it. It locks
// the room's row, so versions are committed in order and without gaps. The first change in a run of
// the database begins an epoch.
func takeVersions(db database.Database) string {
	ifSameRun := func(column, otherwise string) string {
		return column + ` = CASE WHEN epoch_run = ` + db.Run() + ` THEN ` + column + ` ELSE ` + otherwise + ` END`
	}
	return `UPDATE rooms SET version = version + $2, ` + ifSameRun("epoch", "$3") + `, ` +
		ifSameRun("epoch_from", "version") + `, ` + ifSameRun("epoch_before", "epoch") + `, epoch_run = ` + db.Run() + `
		WHERE id = $1 RETURNING version, epoch, epoch_from, epoch_before`
}

// versionsOf returns the arguments of takeVersions.
func versionsOf(room int64, count int) []any { return []any{room, count, newEpoch()} }

// nextVersions runs takeVersions in a transaction that does more than a shared commit can.
func (s *Store) nextVersions(ctx context.Context, tx *database.Tx, room int64, count int) (last int64, err error) {
	var history History
	err = tx.QueryRowContext(ctx, s.versions, versionsOf(room, count)...).Scan(append([]any{&last}, history.columns()...)...)
	return last, err
}

// History names the history of a room's log. A log whose database has lost commits goes on with
// another history: it has the same versions up to a point, and then others.
type History struct {
	Epoch  int64 // a random number; 0: the log is empty
	From   int64 // the version at which the epoch began
	Before int64 // the epoch before; its versions up to From belong to this history too
}

const historyColumns = `r.epoch, r.epoch_from, r.epoch_before`

// columns returns the destinations of historyColumns, for Scan.
func (h *History) columns() []any { return []any{&h.Epoch, &h.From, &h.Before} }

// maxEpoch is the largest number that scripts in a page can hold.
const maxEpoch = 1<<53 - 1

// newEpoch returns the name of an epoch. It does not matter if others can guess it.
func newEpoch() int64 { return 1 + rand.Int64N(maxEpoch) } //nolint:gosec // as said

// Progress is a room's version, history and state.
type Progress struct {
	Version int64
	History
	State int64
}

// Progress returns how far rooms are, by their ids. Rooms that do not exist are missing. It runs one
// query for each idsAtOnce rooms.
func (s *Store) Progress(ctx context.Context, rooms []int64) (map[int64]Progress, error) {
	found := make(map[int64]Progress, len(rooms))
	err := inParts(rooms, func(some []int64) error {
		ids := database.Arguments(some)
		return s.each(ctx, func(row database.Row) error {
			var room int64
			var progress Progress
			err := row.Scan(append([]any{&room, &progress.Version, &progress.State}, progress.columns()...)...)
			found[room] = progress
			return err
		}, `SELECT r.id, r.version, r.state, `+historyColumns+` FROM rooms r
			WHERE r.id IN (`+database.Placeholders(len(ids))+`)`, ids...)
	})
	return found, err
}

// BeginEpoch begins an epoch of a room whose log had reached a version of an epoch, and is behind
// that now: the database has lost commits. It does nothing if another server did so first.
func (s *Store) BeginEpoch(ctx context.Context, room, epoch, version int64) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE rooms
			SET epoch = $4, epoch_from = version, epoch_before = epoch, epoch_run = `+s.database.Run()+`
			WHERE id = $1 AND epoch = $2 AND version < $3`, room, epoch, version, newEpoch())
		return err
	})
}
