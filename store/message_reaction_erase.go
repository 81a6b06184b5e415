package store

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"plaza/store/database"
)

const (
	// reactionBatch is the maximum number of reactions that one transaction deletes with their messages. Larger
	// transactions would delay posts.
	reactionBatch = 2000
	// reactedBatch is the maximum number of messages from which one transaction removes the reactions of a user.
	reactedBatch = 50
)

// deleteMostReactions deletes the reactions to messages that are about to be erased, in small transactions: one message
// may have ten thousand. It leaves less than a batch. The query finds the ids of the messages.
func (s *Store) deleteMostReactions(ctx context.Context, messages string, arguments ...any) error {
	for deleted := int64(reactionBatch); deleted == reactionBatch; {
		err := s.InTx(ctx, func(tx *database.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM reactions WHERE (message_id, emoji, user_id) IN (
				SELECT message_id, emoji, user_id FROM reactions WHERE message_id IN (`+messages+`) LIMIT `+strconv.Itoa(reactionBatch)+`)`, arguments...)
			if err != nil {
				return err
			}
			deleted, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteReactions deletes the reactions to messages in the transaction that erases them.
func deleteReactions(ctx context.Context, tx *database.Tx, messages string, arguments ...any) error {
	for _, table := range []string{"reactions", "reaction_kinds"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE message_id IN (`+messages+`)`, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// removeReactions removes all reactions of a deleted user. Each message is changed in its room.
func (s *Store) removeReactions(ctx context.Context, user int64, versions map[int64]int64) error {
	for after := int64(0); ; {
		messages := map[int64][]int64{} // by their rooms
		first := after
		err := s.each(ctx, func(row database.Row) error {
			var room int64
			err := row.Scan(&after, &room)
			messages[room] = append(messages[room], after)
			return err
		}, `SELECT m.id, m.room_id FROM messages m JOIN (SELECT DISTINCT message_id FROM reactions
			WHERE user_id = $1 AND message_id > $2 ORDER BY message_id LIMIT $3) AS picked ON picked.message_id = m.id ORDER BY m.id`,
			user, first, reactedBatch)
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			return s.InTx(ctx, func(tx *database.Tx) error {
				_, err := tx.ExecContext(ctx, `UPDATE users SET reacted = FALSE WHERE id = $1`, user)
				return err
			})
		}
		err = s.InTx(ctx, func(tx *database.Tx) error {
			for _, room := range slices.Sorted(maps.Keys(messages)) {
				version, err := s.nextVersions(ctx, tx, room, 0) // locks the room's row
				for _, message := range messages[room] {
					if err == nil {
						version, err = s.removeReactionsTo(ctx, tx, room, message, user, version)
					}
				}
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

// removeReactionsTo removes the reactions of a user to a message. It returns the room's version, which was version before.
func (s *Store) removeReactionsTo(ctx context.Context, tx *database.Tx, room, message, user, version int64) (int64, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 RETURNING emoji`, message, user)
	if err != nil {
		return 0, err
	}
	var all []string
	err = database.EachRow(rows, func(row database.Row) error {
		var emoji string
		err := row.Scan(&emoji)
		all = append(all, emoji)
		return err
	})
	if err != nil || len(all) == 0 { // another server was faster
		return version, err
	}
	for _, emoji := range all {
		if _, err := tx.ExecContext(ctx, countReaction, message, emoji, -1); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, deleteReactionKinds, message); err != nil {
		return 0, err
	}
	if version, err = s.nextVersions(ctx, tx, room, 1); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE messages AS m SET version = $2, reactions = `+reactionsColumn+` WHERE m.id = $1`, message, version)
	return version, err
}
