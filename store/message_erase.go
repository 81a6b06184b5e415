package store

import (
	"context"
	"maps"
	"slices"

	"plaza/store/database"
)

// eraseBatch is the maximum number of messages that one transaction erases or deletes. Larger
// transactions would delay posts.
const eraseBatch = 500

// FinishDeletions removes the reactions of deleted users, erases the messages of those who asked for it, and removes
// rooms without members. It works in small transactions. It may be stopped at any moment, and any server can
// continue it. It returns the new versions of the changed rooms, by their ids.
func (s *Store) FinishDeletions(ctx context.Context) (versions map[int64]int64, err error) {
	ctx = withoutSession(ctx) // the user who asked for it is gone
	var authors, reactors, rooms []int64
	lists := []*[]int64{&authors, &reactors, &rooms}
	err = s.each(ctx, func(row database.Row) error {
		var list int
		var id int64
		err := row.Scan(&list, &id)
		if err == nil {
			*lists[list] = append(*lists[list], id)
		}
		return err
	}, `SELECT 0, id FROM users WHERE erasing UNION ALL SELECT 1, id FROM users WHERE reacted
		UNION ALL SELECT 2, id FROM rooms WHERE abandoned`)
	if err != nil {
		return nil, err
	}
	versions = map[int64]int64{}
	for _, reactor := range reactors {
		if err := s.removeReactions(ctx, reactor, versions); err != nil {
			return versions, err
		}
	}
	for _, author := range authors {
		if err := s.eraseMessages(ctx, author, versions); err != nil {
			return versions, err
		}
	}
	for _, room := range rooms {
		if err := s.removeRoom(ctx, room); err != nil {
			return versions, err
		}
	}
	return versions, nil
}

// eraseMessages removes the text of all messages of a deleted user.
func (s *Store) eraseMessages(ctx context.Context, author int64, versions map[int64]int64) error {
	for last := int64(0); ; {
		rooms := map[int64]bool{}
		first := last
		err := s.each(ctx, func(row database.Row) error {
			var room int64
			err := row.Scan(&last, &room)
			rooms[room] = true
			return err
		}, `SELECT id, room_id FROM messages WHERE author_id = $1 AND id > $2 AND event = '' AND NOT erased
			ORDER BY id LIMIT $3`, author, first, eraseBatch)
		if err != nil {
			return err
		}
		if len(rooms) == 0 {
			return s.InTx(ctx, func(tx *database.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE users SET erasing = FALSE WHERE id = $1`, author)
				return err
			})
		}
		err = s.deleteMostReactions(ctx, `SELECT id FROM messages WHERE author_id = $1 AND id > $2 AND id <= $3 AND NOT erased`,
			author, first, last)
		if err != nil {
			return err
		}
		err = s.InTx(ctx, func(tx *database.Tx) error {
			for _, room := range slices.Sorted(maps.Keys(rooms)) {
				version, err := s.eraseInRoom(ctx, tx, room, author, first, last)
				if err != nil {
					return err
				}
				versions[room] = version
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// eraseInRoom erases the messages of an author in one room whose ids are greater than after and at
// most upTo. Each erased message is a change of the room. It returns the room's version.
func (s *Store) eraseInRoom(ctx context.Context, tx *database.Tx, room, author, after, upTo int64) (int64, error) {
	// Another server may erase the same messages: lock the room's row before counting them.
	if _, err := s.nextVersions(ctx, tx, room, 0); err != nil {
		return 0, err
	}
	const picked = `FROM messages m
		WHERE m.room_id = $1 AND m.author_id = $2 AND m.id > $3 AND m.id <= $4 AND m.event = '' AND NOT m.erased`
	var count int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) `+picked, room, author, after, upTo).Scan(&count); err != nil {
		return 0, err
	}
	version, err := s.nextVersions(ctx, tx, room, count)
	if err != nil {
		return 0, err
	}
	for _, table := range []string{"earlier_texts", "pins"} {
		_, err = tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE message_id IN (SELECT m.id `+picked+`)`, room, author, after, upTo)
		if err != nil {
			return 0, err
		}
	}
	if err := deleteReactions(ctx, tx, `SELECT m.id `+picked, room, author, after, upTo); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE messages SET replies = replies - (SELECT count(*) `+picked+`
			AND m.thread = messages.seq AND m.deleted_at = 0)
		WHERE room_id = $1 AND seq IN (SELECT m.thread `+picked+` AND m.thread > 0)`, room, author, after, upTo)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET `+erasure+`, version = later.version
		FROM (SELECT m.id, CAST($5 AS BIGINT) - row_number() OVER (ORDER BY m.seq DESC) + 1 AS version `+picked+`) AS later
		WHERE messages.id = later.id`, room, author, after, upTo, version)
	return version, err
}

// erasure assigns the columns of an erased message.
const erasure = `source = '', html = '', text = '', mentions = '', reactions = '', erased = TRUE`

// removeRoom deletes an abandoned room and its messages.
func (s *Store) removeRoom(ctx context.Context, room int64) error {
	for deleted := int64(eraseBatch); deleted == eraseBatch; {
		err := s.deleteMostReactions(ctx, `SELECT id FROM (SELECT id FROM messages WHERE room_id = $1 LIMIT $2) AS picked`, room, eraseBatch)
		if err != nil {
			return err
		}
		err = s.InTx(ctx, func(tx *database.Tx) error {
			result, err := tx.ExecContext(ctx,
				`DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE room_id = $1 LIMIT $2)`, room, eraseBatch)
			if err != nil {
				return err
			}
			deleted, err = result.RowsAffected()
			if err != nil || deleted == eraseBatch {
				return err
			}
			_, err = tx.ExecContext(ctx, `DELETE FROM rooms WHERE id = $1 AND abandoned`, room)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
