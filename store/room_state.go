package store

import (
	"context"

	"plaza/store/database"
)

// touchRooms notes that others are to be shown another state of somebody's private rooms, which it
// returns with the states' numbers. It locks their rows, in the order in which posts do.
func touchRooms(ctx context.Context, tx *database.Tx, person int64) (map[int64]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT room_id FROM members WHERE user_id = $1 ORDER BY room_id`, person)
	if err != nil {
		return nil, err
	}
	rooms, err := readIDs(rows)
	states := make(map[int64]int64, len(rooms))
	for _, room := range rooms {
		var state int64
		if err := tx.QueryRowContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 RETURNING state`, room).Scan(&state); err != nil {
			return nil, err
		}
		states[room] = state
	}
	return states, err
}

// RoomState is what members of a private room see beside its log.
type RoomState struct {
	Number  int64
	Members []MemberState
}

// MemberState is what a private room's page shows of one member.
type MemberState struct {
	Person
	ReadTo   int64 // the version up to which they have read
	Receipts bool  // whether they show that, and see it of others
	MayWrite bool
}

// State returns what a private room's members see beside its log: in one query.
func (s *Store) State(ctx context.Context, roomID int64) (RoomState, error) {
	var state RoomState
	return state, s.each(ctx, func(row database.Row) error {
		var m MemberState
		err := row.Scan(append([]any{&state.Number, &m.ReadTo, &m.Receipts, &m.MayWrite}, m.columns()...)...)
		state.Members = append(state.Members, m)
		return err
	}, `SELECT r.state, m.read_to, own.receipts, `+writableBy("m.user_id")+`, `+personColumnsOf("own")+`
		FROM rooms r JOIN members m ON m.room_id = r.id JOIN users own ON own.id = m.user_id WHERE r.id = $1 ORDER BY own.username_key`, roomID)
}
