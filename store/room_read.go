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

// Reading is what ReadRoom or MarkUnread has changed.
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
	notified, err := s.readUpTo(ctx, viewer, roomID, seq)
	seq = min(seq, room.Version)
	if err != nil || seq <= room.ReadTo {
		return Reading{InboxChanged: notified}, err
	}
	reading, err := s.moveReadTo(ctx, viewer, room, seq, forward)
	reading.InboxChanged = reading.InboxChanged || notified
	return reading, err
}

// MarkUnread makes a message and all after it unread for a viewer, on any device. It writes nothing if the message is
// unread. The kind is NotFound if the viewer may not read the room, or if there is no such message.
func (s *Store) MarkUnread(ctx context.Context, viewer User, roomID, seq int64) (Reading, error) {
	room, _, err := s.Message(ctx, viewer.ID, roomID, seq)
	if err != nil || seq > room.ReadTo {
		return Reading{}, err
	}
	return s.moveReadTo(ctx, viewer, room, seq-1, back)
}

// direction compares the version up to which a user has read a room with the one to which it moves.
type direction string

const (
	forward direction = "<"
	back    direction = ">"
)

// moveReadTo makes to the version up to which a viewer has read a room. It writes nothing unless that moves in the
// direction: another device may have been faster.
func (s *Store) moveReadTo(ctx context.Context, viewer User, room Room, to int64, way direction) (Reading, error) {
	reading := Reading{InboxChanged: true}
	err := s.InTx(ctx, func(tx *database.Tx) error {
		moving := movePublicReadTo
		arguments := []any{viewer.ID, to}
		if room.Kind != Public {
			// The room's row first: posts lock rows in this order.
			err := tx.QueryRowContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 RETURNING state`,
				room.ID).Scan(&reading.State)
			if err != nil {
				return err
			}
			moving, arguments = moveMemberReadTo, append(arguments, room.ID, maxUnread)
		}
		result, err := tx.ExecContext(ctx, moving+string(way)+` $2`, arguments...)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return cmp.Or(err, errReadSo)
		}
		return s.recordInboxChanged(ctx, tx, viewer.ID)
	})
	if errors.Is(err, errReadSo) {
		return Reading{}, nil
	}
	return reading, err
}

// The statements of moveReadTo, up to the direction.
const (
	movePublicReadTo = `UPDATE users SET public_read_to = $2 WHERE id = $1 AND deleted_at = 0 AND public_read_to `
	moveMemberReadTo = `UPDATE members SET read_to = $2, unread = (SELECT count(*) FROM (SELECT 1 FROM messages
			WHERE room_id = $3 AND seq > $2 AND author_id <> $1 AND event = '' LIMIT $4) AS later)
		WHERE room_id = $3 AND user_id = $1 AND read_to `
)

// errReadSo undoes a transaction that has nothing to move.
var errReadSo = errors.New("the viewer has read that far")

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
