package store

import (
	"context"
	"math/rand/v2"
	"slices"

	"plaza/store/database"
)

// newRoomID returns the id of a new private room. It is random, so that ids do not tell how many
// private rooms there are.
func newRoomID() int64 { return rand.Int64N(1<<53-2) + 2 } //nolint:gosec // access depends on membership, not on the id

// PrivateRoom returns the room of two users, or a user's notebook if both are the same. If there is
// none yet, its ID is 0, and its Access says whether the viewer may open it.
func (s *Store) PrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	room, err := s.roomFor(ctx, roomByPair, viewer.ID, low, high)
	if KindOf(err) != NotFound {
		return room, err
	}
	err = s.queryRow(ctx, `SELECT `+closedReasonFor("$1")+` FROM (SELECT 'pair' AS kind) AS r, users u
		WHERE u.id = $2`, viewer.ID, other.ID).Scan(&room.Closed)
	room.RoomSummary = RoomSummary{Kind: Pair, Other: other.Person, Notebook: low == high}
	room.Access = Access{Read: true, Write: room.Closed == ""}
	return room, err
}

// OpenPrivateRoom returns the room of two users. It makes the room if there is none and the viewer
// may write there. The other user does not see the room before its first message.
func (s *Store) OpenPrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	room, err := s.PrivateRoom(ctx, viewer, other)
	if err != nil || room.ID != 0 || !room.Access.Write {
		return room, err
	}
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, low, high); err != nil {
			return err
		}
		// If both users open it at once, the later transaction finds the room of the first one.
		_, err := tx.ExecContext(ctx, `INSERT INTO rooms (id, name, kind, low_id, high_id) VALUES ($1, '', 'pair', $2, $3)
			ON CONFLICT (low_id, high_id) WHERE kind = 'pair' DO NOTHING`, newRoomID(), low, high)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO members (room_id, user_id, since)
			SELECT r.id, u.id, $3 FROM rooms r JOIN users u ON u.id IN ($1, $2)
			WHERE r.kind = 'pair' AND r.low_id = $1 AND r.high_id = $2 ON CONFLICT DO NOTHING`, low, high, now().UnixMilli())
		return err
	})
	if err != nil {
		return Room{}, err
	}
	return s.PrivateRoom(ctx, viewer, other)
}

// roomOfPair is the condition that a room is the pair of $1 and $2.
const roomOfPair = `kind = 'pair' AND ((low_id = $1 AND high_id = $2) OR (low_id = $2 AND high_id = $1))`

// lockRoom locks the row of the room of both users, if there is one, and returns the members who
// may write there. Posts in the room come before the transaction or after it. Call it before
// locking users, as posts do.
func (p pair) lockRoom() (writers []int64, err error) {
	if _, err := p.run(`UPDATE rooms SET state = state WHERE ` + roomOfPair); err != nil {
		return nil, err
	}
	return p.writers()
}

// bumpRoomState increments the state of the room of both users if other members may write there
// than before. Otherwise it must not: a blocked user who could not write before would see that
// something has changed.
func (p pair) bumpRoomState(before []int64) error {
	writers, err := p.writers()
	if err != nil || slices.Equal(writers, before) {
		return err
	}
	_, err = p.run(`UPDATE rooms SET state = state + 1 WHERE ` + roomOfPair)
	return err
}

// writers returns the members who may write in the room of both users.
func (p pair) writers() ([]int64, error) {
	rows, err := p.tx.QueryContext(p.ctx, `SELECT m.user_id FROM rooms r JOIN members m ON m.room_id = r.id
		WHERE r.id = (SELECT id FROM rooms WHERE `+roomOfPair+`) AND `+writableBy("m.user_id")+` ORDER BY m.user_id`,
		p.one.ID, p.other.ID)
	if err != nil {
		return nil, err
	}
	return readIDs(rows)
}
