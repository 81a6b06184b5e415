package store

import (
	"context"

	"plaza/store/database"
)

// eraseMessages takes their text from all that somebody wrote. Each is a change of its room, and
// so takes the room's next version; the rooms' rows are locked.
func eraseMessages(ctx context.Context, tx *database.Tx, person int64, changed map[int64]int64) error {
	rows, err := tx.QueryContext(ctx, `
		UPDATE rooms SET version = version + (SELECT count(*) FROM messages WHERE room_id = rooms.id AND author_id = $1 AND event = '')
		WHERE id IN (SELECT room_id FROM messages WHERE author_id = $1 AND event = '') RETURNING id, version`, person)
	if err != nil {
		return err
	}
	err = database.EachRow(rows, func(row database.Row) error {
		var room, version int64
		err := row.Scan(&room, &version)
		changed[room] = version
		return err
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET source = '', html = '', erased = TRUE, version = later.version
		FROM (SELECT m.id, r.version - row_number() OVER (PARTITION BY m.room_id ORDER BY m.seq DESC) + 1 AS version
			FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.author_id = $1 AND m.event = '') AS later
		WHERE messages.id = later.id`, person)
	return err
}
