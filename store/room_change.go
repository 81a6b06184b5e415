package store

import (
	"context"
	"crypto/rand"

	"plaza/store/database"
)

// enter writes what somebody did to a room into its log.
func enter(ctx context.Context, tx *database.Tx, roomID int64, author User, event Event, source string) (Message, error) {
	at := now().UnixMilli()
	var version int64
	err := tx.QueryRowContext(ctx, `
		UPDATE rooms SET version = version + 1, last_author_id = 0, last_posted_at = $2 WHERE id = $1 RETURNING version`, roomID, at).Scan(&version)
	if err != nil {
		return Message{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, renderer, continues, posted_at, event)
		VALUES ($1, $2, $2, $3, $4, $5, '', 0, FALSE, $6, $7)`, roomID, version, author.ID, rand.Text(), source, at, event)
	if err != nil {
		return Message{}, err
	}
	return scanMessage(tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.seq = $2`, roomID, version))
}
