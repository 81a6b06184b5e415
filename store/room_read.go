package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"plaza/store/database"
)

// countUnread counts a message as unread for the members of its room, and returns them. Its author
// has read the whole room. The message's version is the room's version minus the number of later
// posts in the same transaction.
const countUnread = `UPDATE members SET
		unread = CASE WHEN user_id = $2 THEN 0 ELSE unread + 1 END,
		read_to = CASE WHEN user_id = $2 THEN (SELECT version - $3 FROM rooms WHERE id = $1) ELSE read_to END
	WHERE room_id = $1 RETURNING user_id`

// maxUnread is the maximum count of unread messages after a member has read some of them.
const maxUnread = 1000

// Reading is what ReadRoom has changed.
type Reading struct {
	State        int64 // the room's new state, which the other members must see; 0 if it has not changed
	InboxChanged bool  // the viewer's
}

// ReadRoom records that a viewer has read a room up to a message, on any device. It writes nothing if
// the viewer had read that far before. The kind is NotFound if the viewer may not read the room.
func (s *Store) ReadRoom(ctx context.Context, viewer User, roomID, seq int64) (Reading, error) {
	room, err := s.RoomFor(ctx, viewer.ID, roomID)
	if err != nil {
		return Reading{}, err
	}
	var reading Reading
	reading.InboxChanged, err = s.readUpTo(ctx, viewer, roomID, seq)
	seq = min(seq, room.Version)
	if err != nil || seq <= room.ReadTo {
		return reading, err
	}
	if room.Kind == Public {
		further, err := s.readPublic(ctx, viewer, seq)
		reading.InboxChanged = reading.InboxChanged || further
		return reading, err
	}
	var state int64
	err = s.InTx(ctx, func(tx *database.Tx) error {
		// The room's row first: posts lock rows in this order.
		err := tx.QueryRowContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 RETURNING state`,
			roomID).Scan(&state)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			UPDATE members SET read_to = $3, unread = (SELECT count(*) FROM (SELECT 1 FROM messages
				WHERE room_id = $1 AND seq > $3 AND author_id <> $2 AND event = '' LIMIT $4) AS later)
			WHERE room_id = $1 AND user_id = $2 AND read_to < $3`, roomID, viewer.ID, seq, maxUnread)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return cmp.Or(err, errReadBefore)
		}
		return nil
	})
	if errors.Is(err, errReadBefore) {
		return reading, nil
	}
	if err == nil {
		reading.State, reading.InboxChanged = state, true
	}
	return reading, err
}

// errReadBefore undoes a transaction if another device has read as far meanwhile.
var errReadBefore = errors.New("the viewer has read that far")

// firstUnread returns the seq of the first message of another member that a viewer has not read in
// a room. It returns 0 if there is none.
func (s *Store) firstUnread(ctx context.Context, viewer User, room Room) (int64, error) {
	var seq int64
	err := s.queryRow(ctx, `SELECT seq FROM messages
		WHERE room_id = $1 AND seq > $2 AND author_id <> $3 AND event = '' ORDER BY seq LIMIT 1`,
		room.ID, room.ReadTo, viewer.ID).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}
