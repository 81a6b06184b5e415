package store

import (
	"context"
	"crypto/rand"
	"time"

	"plaza/store/database"
)

// insertEvent writes what a member did to a group into its log. Its version is the room's, less the
// changes of the same commit that come later. Somebody who is no member has no id here, which breaks
// the rule that each event has an author: AddMembers alone writes of people who are about to be.
const insertEvent = `
	INSERT INTO messages (room_id, seq, version, author_id, nonce, event, source, html, text, mentions, renderer, continues, posted_at)
	SELECT r.id, r.version - $2, r.version - $2, CASE WHEN $5 = 'joined' THEN $3 ELSE (SELECT user_id FROM members WHERE room_id = r.id AND user_id = $3 AND r.kind = 'group') END,
		$4, $5, $6, '', '', '', 0, FALSE, $7 FROM ` + fromRoom

func eventArguments(room int64, later int, author int64, event Event, source string, at time.Time) []any {
	return []any{room, later, author, rand.Text(), string(event), source, at.UnixMilli()}
}

// addEvent writes what a member did to a group into its log, in a transaction that does more than a
// shared commit can.
func addEvent(ctx context.Context, tx *database.Tx, room, author int64, event Event, source string) (Message, error) {
	at := now()
	version, err := nextVersions(ctx, tx, room, 1)
	if err != nil {
		return Message{}, err
	}
	if _, err := tx.ExecContext(ctx, updateLastPost, room, 0, at.UnixMilli()); err != nil {
		return Message{}, err
	}
	if _, err := tx.ExecContext(ctx, insertEvent, eventArguments(room, 0, author, event, source, at)...); err != nil {
		return Message{}, err
	}
	return scanMessage(tx.QueryRowContext(ctx, messageAt, room, version))
}

// messageAt is a message by its room and its place there.
const messageAt = `SELECT ` + messageColumns + ` FROM messages m JOIN users u ON u.id = m.author_id WHERE m.room_id = $1 AND m.seq = $2`
