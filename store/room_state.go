package store

import (
	"context"

	"plaza/store/database"
)

// bumpRoomStates increments the states of a user's private rooms, so that their members see the
// change. It returns the new states by the rooms' ids. It locks the rooms' rows by rising id, as
// posts do.
func bumpRoomStates(ctx context.Context, tx *database.Tx, person int64) (map[int64]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT room_id FROM members WHERE user_id = $1 ORDER BY room_id`, person)
	if err != nil {
		return nil, err
	}
	rooms, err := readIDs(rows)
	states := make(map[int64]int64, len(rooms))
	for _, room := range rooms {
		var state int64
		if err := tx.QueryRowContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 RETURNING state`,
			room).Scan(&state); err != nil {
			return nil, err
		}
		states[room] = state
	}
	return states, err
}

// RoomState is what members see beside the log of a private room.
type RoomState struct {
	Number  int64
	Members []MemberState
}

// MemberState is what the page of a private room shows about one member.
type MemberState struct {
	Person
	ReadTo   int64 // the version up to which the member has read
	Receipts bool  // the member shows ReadTo, and sees that of others
	MayWrite bool
}

// State returns what members see beside the log of a private room. It runs one query.
func (s *Store) State(ctx context.Context, roomID int64) (RoomState, error) {
	var state RoomState
	err := s.each(ctx, func(row database.Row) error {
		var m MemberState
		err := row.Scan(append([]any{&state.Number, &m.ReadTo, &m.Receipts, &m.MayWrite}, m.columns()...)...)
		state.Members = append(state.Members, m)
		return err
	}, `SELECT r.state, m.read_to, own.receipts, `+writableBy("m.user_id")+`, `+personColumnsOf("own")+`
		FROM rooms r JOIN members m ON m.room_id = r.id JOIN users own ON own.id = m.user_id WHERE r.id = $1
			ORDER BY own.username_key`, roomID)
	return state, err
}
