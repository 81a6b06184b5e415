package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// MaxSaved is the maximum number of messages that a user may have saved.
const MaxSaved = 1000

// SavedMessage is a message in the list of those that a user has saved. It is shown as it is now.
type SavedMessage struct {
	ID      int64
	Room    RoomSummary
	Message Message
	At      time.Time // when the user saved it
}

// Point returns the position of a message in the list.
func (m SavedMessage) Point() Point { return Point{m.At, m.ID} }

// SaveMessage adds a message to a viewer's list, or does nothing if it is there. The kind is NotFound if the viewer
// may not read the room or if there is no such message, and Invalid if the list is full.
func (s *Store) SaveMessage(ctx context.Context, viewer User, room, seq int64) error {
	if _, _, err := s.Message(ctx, viewer.ID, room, seq); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO saved_messages (user_id, message_id, saved_at)
			SELECT CAST($1 AS BIGINT), m.id, CAST($4 AS BIGINT) FROM messages m JOIN rooms r ON r.id = m.room_id
			WHERE m.room_id = $2 AND m.seq = $3 AND m.event = '' AND `+readableBy("$1")+`
				AND (SELECT count(*) FROM saved_messages WHERE user_id = $1) < $5
			ON CONFLICT (user_id, message_id) DO NOTHING`, viewer.ID, room, seq, now().UnixMilli(), MaxSaved)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows > 0 {
			return err
		}
		var saved bool
		err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM saved_messages s JOIN messages m ON m.id = s.message_id
			WHERE s.user_id = $1 AND m.room_id = $2 AND m.seq = $3)`, viewer.ID, room, seq).Scan(&saved)
		if err == nil && !saved {
			err = &Error{Kind: Invalid, Code: CodeTooManySaved}
		}
		return err
	})
}

// UnsaveMessage removes a message from a viewer's list, or does nothing if it is not there. It does so too if the
// viewer may no longer read the room.
func (s *Store) UnsaveMessage(ctx context.Context, viewer User, room, seq int64) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM saved_messages WHERE user_id = $1
			AND message_id IN (SELECT id FROM messages WHERE room_id = $2 AND seq = $3)`, viewer.ID, room, seq)
		return err
	})
}

// SavedMessages returns up to limit of the messages that a viewer has saved and may still read, after a point, the
// latest saved first, and whether there are more.
func (s *Store) SavedMessages(ctx context.Context, viewer User, after Point, limit int) (found []SavedMessage, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		var m SavedMessage
		var at int64
		others := append([]any{&m.ID, &at, &m.Room.ID, &m.Room.Kind, &m.Room.Name, &m.Room.Notebook}, m.Room.Other.columns()...)
		var err error
		m.Message, err = scanMessage(row, others...)
		m.At = time.UnixMilli(at).UTC()
		found = append(found, m)
		return err
	}, `SELECT `+messageColumns+`, s.message_id, s.saved_at, r.id, r.kind, r.name, r.kind = 'pair' AND r.low_id = r.high_id,
			`+personColumnsIfAny("other")+fromMessages+` JOIN saved_messages s ON s.message_id = m.id
		LEFT JOIN users other ON r.kind = 'pair' AND other.id = r.low_id + r.high_id - s.user_id
		WHERE s.user_id = $1 AND (s.saved_at, s.message_id) < ($2, $3) AND `+readableBy("s.user_id")+`
		ORDER BY s.saved_at DESC, s.message_id DESC LIMIT $4`, viewer.ID, after.At.UnixMilli(), after.ID, limit+1)
	return found[:min(limit, len(found))], len(found) > limit, err
}
