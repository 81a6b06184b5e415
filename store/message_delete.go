package store

import (
	"context"
	"errors"
	"time"

	"plaza/store/database"
)

// UndoWindow is how long an author can restore a deleted message.
const UndoWindow = 10 * time.Second

// DeleteMessage deletes a message that the user wrote. Readers see at once that it was deleted. Its text is erased
// after UndoWindow. If it is deleted already, nothing changes. The kind is NotFound if the user may not read the room
// or if there is no such message, and Forbidden if another user wrote it.
func (s *Store) DeleteMessage(ctx context.Context, userID, room, seq int64) (Changed, error) {
	_, message, err := s.ownMessage(ctx, userID, room, seq)
	if err != nil || message.Deleted {
		return Changed{Message: message}, err
	}
	at := now()
	changed, err := s.changeMessage(ctx, messageChange{
		room: room, seq: seq, user: userID, at: at,
		allowed: `m.author_id = $3 AND NOT ` + isDeleted + ` AND ` + readableBy("m.author_id"),
		before:  []*database.Statement{{Query: countDeletedReply, Arguments: []any{room, seq}}},
		set:     `deleted_at = $4`,
		values:  []any{at.UnixMilli()},
		refusal: func(ctx context.Context) error {
			_, message, err := s.ownMessage(ctx, userID, room, seq)
			if err == nil && message.Deleted {
				err = errMessageDeleted
			}
			return err
		},
	})
	if errors.Is(err, errMessageDeleted) { // meanwhile, from another page
		return s.unchanged(ctx, room, seq)
	}
	return changed, err
}

// RestoreMessage undoes DeleteMessage within UndoWindow. If the message is not deleted, nothing changes. The kind is
// Conflict if it is too late; otherwise it is as for DeleteMessage.
func (s *Store) RestoreMessage(ctx context.Context, userID, room, seq int64) (Changed, error) {
	_, message, err := s.ownMessage(ctx, userID, room, seq)
	if err != nil || !message.Deleted {
		return Changed{Message: message}, err
	}
	at := now()
	since := at.Add(-UndoWindow).UnixMilli()
	changed, err := s.changeMessage(ctx, messageChange{
		room: room, seq: seq, user: userID, at: at,
		allowed: `m.author_id = $3 AND NOT m.erased AND m.deleted_at > $4 AND ` + readableBy("m.author_id"),
		limits:  []any{since},
		before:  []*database.Statement{{Query: countRestoredReply, Arguments: []any{room, seq}}},
		set:     `deleted_at = 0`,
		refusal: func(ctx context.Context) error {
			_, message, err := s.ownMessage(ctx, userID, room, seq)
			if err == nil && !message.Deleted {
				err = errMessageThere
			}
			if err != nil {
				return err
			}
			// By now another server may have restored it: then it is not too late.
			var isLate bool
			err = s.queryRow(ctx, `SELECT m.erased OR (m.deleted_at > 0 AND m.deleted_at <= $3)
				FROM messages m WHERE m.room_id = $1 AND m.seq = $2`, room, seq, since).Scan(&isLate)
			if err == nil && isLate {
				err = &Error{Kind: Conflict, Code: CodeMessageErased}
			}
			return err
		},
	})
	if errors.Is(err, errMessageThere) { // meanwhile, from another page
		return s.unchanged(ctx, room, seq)
	}
	return changed, err
}

// errMessageThere says that a message is not deleted.
var errMessageThere = &Error{Kind: Conflict}

// unchanged returns a message that did not have to change.
func (s *Store) unchanged(ctx context.Context, room, seq int64) (Changed, error) {
	message, err := s.messageAt(ctx, room, seq)
	return Changed{Message: message}, err
}

// undoSlack is how long after UndoWindow the text of a deleted message is kept: the clocks of two servers differ.
const undoSlack = 2 * time.Second

// EraseDeleted removes the texts of messages whose authors can no longer restore them, and returns how many there
// were. Readers see no difference, so it changes no version. It works in small transactions. It writes nothing if
// there are none.
func (s *Store) EraseDeleted(ctx context.Context) (erased int, err error) {
	ctx = withoutSession(ctx)
	until := now().Add(-UndoWindow - undoSlack).UnixMilli()
	for {
		var ids []int64
		err := s.each(ctx, func(row database.Row) error {
			var id int64
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM messages WHERE deleted_at > 0 AND deleted_at <= $1 AND NOT erased
			ORDER BY deleted_at LIMIT $2`, until, eraseBatch)
		if err != nil || len(ids) == 0 {
			return erased, err
		}
		some := database.Arguments(ids)
		in := `(` + database.Placeholders(len(some)) + `)`
		// A message that was restored meanwhile keeps its reactions.
		doomed := `SELECT id FROM messages WHERE id IN ` + in + ` AND deleted_at > 0`
		if err := s.deleteMostReactions(ctx, doomed, some...); err != nil {
			return erased, err
		}
		err = s.InTx(ctx, func(tx *database.Tx) error {
			if err := deleteReactions(ctx, tx, doomed, some...); err != nil {
				return err
			}
			// Another server may do the same.
			_, err := tx.ExecContext(ctx, `UPDATE messages SET `+erasure+`
				WHERE id IN `+in+` AND deleted_at > 0`, some...)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `DELETE FROM earlier_texts WHERE message_id IN `+in+`
				AND message_id IN (SELECT m.id FROM messages m WHERE m.erased)`, some...)
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `DELETE FROM pins WHERE message_id IN `+in+`
				AND message_id IN (SELECT m.id FROM messages m WHERE m.erased)`, some...)
			return err
		})
		if err != nil {
			return erased, err
		}
		erased += len(ids)
	}
}
