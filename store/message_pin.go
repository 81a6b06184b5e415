package store

import (
	"context"
	"fmt"

	"plaza/store/database"
)

// MaxPins is the maximum number of pinned messages in a room.
const MaxPins = 100

// PinMessage pins a message in its room, or does nothing if it is pinned. It takes no version of the room. The kind is
// NotFound if the viewer may not read the room or if there is no such message, Forbidden if the viewer may not pin there,
// Conflict if the message is deleted, and Invalid if the room has MaxPins.
func (s *Store) PinMessage(ctx context.Context, viewer User, room, seq int64) error {
	if err := s.checkPin(ctx, viewer, room, seq); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		// Another member may pin at the same time: lock the room's row before counting.
		if _, err := s.nextVersions(ctx, tx, room, 0); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO pins (message_id, room_id, pinned_at)
			SELECT m.id, m.room_id, CAST($4 AS BIGINT) FROM messages m JOIN rooms r ON r.id = m.room_id
			WHERE m.room_id = $1 AND m.seq = $2 AND m.event = '' AND NOT `+isDeleted+` AND `+pinnableBy("$3")+`
				AND (SELECT count(*) FROM pins WHERE room_id = $1) < $5
			ON CONFLICT (message_id) DO NOTHING`, room, seq, viewer.ID, now().UnixMilli(), MaxPins)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows > 0 {
			return err
		}
		var pinned bool
		var count int
		err = tx.QueryRowContext(ctx, `SELECT count(*), EXISTS (SELECT 1 FROM pins JOIN messages m ON m.id = pins.message_id
			WHERE m.room_id = $1 AND m.seq = $2) FROM pins WHERE room_id = $1`, room, seq).Scan(&count, &pinned)
		switch {
		case err != nil || pinned:
			return err
		case count >= MaxPins:
			return &Error{Kind: Invalid, Code: CodeTooManyPins}
		}
		return errNoMessage // it is gone meanwhile, or the viewer has left
	})
}

// UnpinMessage ends the pin of a message, or does nothing if it is not pinned. The kinds of errors are those of PinMessage.
func (s *Store) UnpinMessage(ctx context.Context, viewer User, room, seq int64) error {
	if err := s.checkPin(ctx, viewer, room, seq); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM pins WHERE message_id IN (SELECT m.id FROM messages m
			JOIN rooms r ON r.id = m.room_id WHERE m.room_id = $1 AND m.seq = $2 AND `+pinnableBy("$3")+`)`, room, seq, viewer.ID)
		return err
	})
}

// checkPin says why a viewer may not pin a message.
func (s *Store) checkPin(ctx context.Context, viewer User, room, seq int64) error {
	found, m, err := s.Message(ctx, viewer.ID, room, seq)
	switch {
	case err != nil:
		return err
	case !found.Access.Pin:
		return &Error{Kind: Forbidden, Code: CodePinForbidden}
	case m.Deleted:
		return errMessageDeleted
	}
	return nil
}

// Pins returns the pinned messages of a room as they are now, the latest pinned first.
func (s *Store) Pins(ctx context.Context, room int64) ([]Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+fromMessages+` JOIN pins ON pins.message_id = m.id
		WHERE pins.room_id = $1 AND NOT `+isDeleted+` ORDER BY pins.pinned_at DESC, pins.message_id DESC LIMIT $2`, []any{room, MaxPins})
}

// pinnedColumn is the column of Pinned, of a row r of rooms.
var pinnedColumn = fmt.Sprintf(`coalesce((SELECT string_agg(CAST(pinned.seq AS TEXT), ' ') FROM pins
	JOIN messages pinned ON pinned.id = pins.message_id WHERE pins.room_id = r.id AND NOT %s), '')`, isDeletedIn("pinned"))
