package store

import (
	"context"
	"database/sql"
	"math/rand/v2"
)

// newRoomID makes the id of a private room. As it is by chance, ids do not tell how many private
// rooms there are.
func newRoomID() int64 { return rand.Int64N(1<<53-2) + 2 } //nolint:gosec // membership is what keeps others out

// PrivateRoom returns the room in which two people talk, or somebody's notebook where both are the
// same. Where there is none yet its ID is 0, and it says whether the viewer may open it.
func (s *Store) PrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	room, err := s.privateRoom(ctx, `r.kind = 'pair' AND r.low_id = $1 AND r.high_id = $2 AND m.user_id = $3`, low, high, viewer.ID)
	if KindOf(err) != NotFound {
		return room, err
	}
	var reason string
	err = s.lookUp(ctx, `SELECT `+closing+` FROM (SELECT 'pair' AS kind) AS r, (SELECT CAST($1 AS BIGINT) AS user_id) AS m, users u WHERE u.id = $2`,
		viewer.ID, other.ID).Scan(&reason)
	return Room{Kind: Pair, Other: other, Notebook: low == high, Closed: closed(reason, other)}, err
}

// OpenPrivateRoom makes the room in which two people talk where there is none yet and the viewer
// may write there, and returns it. Nobody is told of it before something is said.
func (s *Store) OpenPrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	room, err := s.PrivateRoom(ctx, viewer, other)
	if err != nil || room.ID != 0 || room.Closed != "" {
		return room, err
	}
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	err = s.InTx(ctx, func(tx *sql.Tx) error {
		if err := mustLive(ctx, tx, low, high); err != nil {
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

// touchPair notes that it may be otherwise now whether two people may write to each other. Posts
// in their room come before that, or after it.
const touchPair = `UPDATE rooms SET state = state + 1
	WHERE kind = 'pair' AND ((low_id = $1 AND high_id = $2) OR (low_id = $2 AND high_id = $1))`
