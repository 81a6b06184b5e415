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
// same. Where there is none yet and the viewer may write, it is made: nobody is told of it before
// something is said. Else a room with ID 0 says why it is closed.
func (s *Store) PrivateRoom(ctx context.Context, viewer, other User) (Room, error) {
	low, high := min(viewer.ID, other.ID), max(viewer.ID, other.ID)
	find := func() (Room, error) {
		return s.privateRoom(ctx, `r.kind = 'pair' AND r.low_id = $1 AND r.high_id = $2 AND m.user_id = $3`, low, high, viewer.ID)
	}
	room, err := find()
	if KindOf(err) != NotFound {
		return room, err
	}
	var reason string
	err = s.lookUp(ctx, `SELECT `+closing+` FROM (SELECT 'pair' AS kind) AS r, (SELECT CAST($1 AS BIGINT) AS user_id) AS m, users u WHERE u.id = $2`,
		viewer.ID, other.ID).Scan(&reason)
	if err != nil {
		return Room{}, err
	}
	if reason != "" {
		return Room{Kind: Pair, Other: other, Closed: closed(reason, other)}, nil
	}
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
	return find()
}

// touchPair notes that it may be otherwise now whether two people may write to each other. Posts
// in their room come before that, or after it.
const touchPair = `UPDATE rooms SET state = state + 1
	WHERE kind = 'pair' AND ((low_id = $1 AND high_id = $2) OR (low_id = $2 AND high_id = $1))`
