package store

import (
	"context"
	"crypto/rand"
	"time"

	"plaza/store/database"
)

// insertEvent adds an event to a group's log. The event's version is the room's version minus the
// number of later changes in the same commit. If the author is not a member, the author's id is
// NULL, and the NOT NULL constraint makes the commit fail. Joined events are the exception:
// AddMembers adds them before the author becomes a member.
const insertEvent = `
	INSERT INTO messages (room_id, seq, version, author_id, nonce, event, source, html, text, mentions, renderer,
		continues, posted_at)
	SELECT r.id, r.version - $2, r.version - $2, CASE WHEN $5 = 'joined' THEN $3
		ELSE (SELECT user_id FROM members WHERE room_id = r.id AND user_id = $3 AND r.kind = 'group') END,
		$4, $5, $6, '', '', '', 0, FALSE, $7 FROM ` + fromRoom

func eventArguments(room int64, later int, author int64, event Event, source string, at time.Time) []any {
	return []any{room, later, author, rand.Text(), string(event), source, at.UnixMilli()}
}

// addEvent adds an event to a group's log, in a transaction that does more than a shared commit
// can.
func (s *Store) addEvent(ctx context.Context, tx *database.Tx, room, author int64, event Event, source string) (Message, error) {
	at := now()
	version, err := s.nextVersions(ctx, tx, room, 1)
	if err != nil {
		return Message{}, err
	}
	if _, err := tx.ExecContext(ctx, startGroup, room, 0, at.UnixMilli()); err != nil {
		return Message{}, err
	}
	if _, err := tx.ExecContext(ctx, insertEvent, eventArguments(room, 0, author, event, source, at)...); err != nil {
		return Message{}, err
	}
	return scanMessage(tx.QueryRowContext(ctx, messageAt, room, version))
}

// messageAt finds a message by its room and its seq.
var messageAt = `SELECT ` + messageColumns + fromMessages + `
	WHERE m.room_id = $1 AND m.seq = $2`
