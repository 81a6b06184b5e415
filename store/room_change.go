package store

import (
	"context"
	"crypto/rand"

	"plaza/store/database"
)

// enter writes what somebody did to a room into its log.
func enter(ctx context.Context, tx *database.Tx, roomID int64, author int64, event Event, source string) (Message, error) {
	at := now().UnixMilli()
	version, err := nextVersions(ctx, tx, roomID, 1)
	if err != nil {
		return Message{}, err
	}
	if _, err := tx.ExecContext(ctx, noteLast, roomID, 0, at); err != nil {
		return Message{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at, event)
		VALUES ($1, $2, $2, $3, $4, $5, '', '', '', 0, FALSE, $6, $7)`, roomID, version, author, rand.Text(), source, at, event)
	if err != nil {
		return Message{}, err
	}
	return scanMessage(tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.seq = $2`, roomID, version))
}
