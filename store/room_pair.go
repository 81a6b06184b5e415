package store

import (
	"context"
	"math/rand/v2"
	"slices"

	"plaza/store/database"
)

// newRoomID makes the id of a private room. As it is by chance, ids do not tell how many private
// rooms there are.
func newRoomID() int64 { return rand.Int64N(1<<53-2) + 2 } //nolint:gosec // membership is what keeps others out

// PrivateRoom returns the room in which two people talk, or somebody's notebook where both are the
// same. Where there is none yet its ID is 0, and it says whether the viewer may open it.
func (s *Store) PrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	room, err := s.roomFor(ctx, roomByPair, viewer.ID, low, high)
	if KindOf(err) != NotFound {
		return room, err
	}
	err = s.queryRow(ctx, `SELECT `+closedReasonFor("$1")+` FROM (SELECT 'pair' AS kind) AS r, users u WHERE u.id = $2`, viewer.ID, other.ID).Scan(&room.Closed)
	room.RoomSummary = RoomSummary{Kind: Pair, Other: other.Person, Notebook: low == high}
	room.Access = Access{Read: true, Write: room.Closed == ""}
	return room, err
}

// OpenPrivateRoom makes the room in which two people talk where there is none yet and the viewer
// may write there, and returns it. Nobody is told of it before something is said.
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
		// Where both open it at once, the later one finds what the first one made.
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

// roomOfPair is whether a room is that of $1 and $2.
const roomOfPair = `kind = 'pair' AND ((low_id = $1 AND high_id = $2) OR (low_id = $2 AND high_id = $1))`

// lockRoom has posts in the room of both, if there is one, come before the transaction or after it,
// and returns who may write there. It comes before what locks people, as posts have it.
func (p pair) lockRoom() (writers []int64, err error) {
	if _, err := p.run(`UPDATE rooms SET state = state WHERE ` + roomOfPair); err != nil {
		return nil, err
	}
	return p.writers()
}

// bumpRoomState notes that both are to be shown another state of their room, where others may write there
// than before. Where nobody is, they are not: or who is blocked, and could not write before, would
// know of it.
func (p pair) bumpRoomState(before []int64) error {
	writers, err := p.writers()
	if err != nil || slices.Equal(writers, before) {
		return err
	}
	_, err = p.run(`UPDATE rooms SET state = state + 1 WHERE ` + roomOfPair)
	return err
}

// writers returns who may write in the room of both.
func (p pair) writers() ([]int64, error) {
	rows, err := p.tx.QueryContext(p.ctx, `SELECT m.user_id FROM rooms r JOIN members m ON m.room_id = r.id
		WHERE r.id = (SELECT id FROM rooms WHERE `+roomOfPair+`) AND `+writableBy("m.user_id")+` ORDER BY m.user_id`, p.one.ID, p.other.ID)
	if err != nil {
		return nil, err
	}
	return readIDs(rows)
}
