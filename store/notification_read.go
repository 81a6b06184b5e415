package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"plaza/store/database"
)

// ReadNotification marks notifications of a user as read. It is no error if they are read already. The
// kind is NotFound if the user has none of them.
func (s *Store) ReadNotification(ctx context.Context, user User, ids ...int64) error {
	var found int
	chosen := database.Arguments(ids)
	amongChosen := `id IN (` + strings.TrimPrefix(database.Placeholders(1+len(chosen)), "$1, ") + `)`
	err := s.queryRow(ctx, `SELECT count(*) FROM notifications WHERE user_id = $1 AND `+amongChosen, //nolint:gosec // placeholders
		slices.Insert(slices.Clone(chosen), 0, any(user.ID))...).Scan(&found)
	switch {
	case err != nil:
		return err
	case found == 0:
		return &Error{Kind: NotFound, Code: CodeNotificationGone}
	}
	_, err = s.markRead(ctx, user, amongChosen, chosen...)
	return err
}

// ReadNotifications marks all of a user's notifications as read.
func (s *Store) ReadNotifications(ctx context.Context, user User) error {
	_, err := s.markRead(ctx, user, `id > $2`, 0)
	return err
}

// readUpTo marks a user's notifications of messages in a room as read, up to the message at seq. Those of reactions
// stay: who reads the newest messages has not seen a reaction to an old one. It tells whether any was unread.
func (s *Store) readUpTo(ctx context.Context, user User, room, seq int64) (changed bool, err error) {
	return s.markRead(ctx, user, `room_id = $2 AND seq <= $3 AND kind <> 'reaction'`, room, seq)
}

// markRead marks the notifications of a user that match a condition as read. The condition is a
// constant of the program, and its arguments begin with $2. markRead writes nothing if none of them
// is unread, and tells whether any was.
func (s *Store) markRead(ctx context.Context, user User, condition string, arguments ...any) (some bool, err error) {
	picked := `notifications WHERE user_id = $1 AND read_at = 0 AND ` + condition
	arguments = slices.Insert(arguments, 0, any(user.ID))
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+picked+`)`, arguments...).Scan(&some) //nolint:gosec // a constant
	if err != nil || !some {
		return false, err
	}
	return true, s.InTx(ctx, func(tx *database.Tx) error {
		read := fmt.Sprintf(`UPDATE notifications SET read_at = $%d WHERE id IN (SELECT id FROM `+picked+`)`, len(arguments)+1) //nolint:gosec // a constant
		if _, err := tx.ExecContext(ctx, read, append(slices.Clone(arguments), now().UnixMilli())...); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, deleteOldRead, user.ID); err != nil {
			return err
		}
		return s.recordInboxChanged(ctx, tx, user.ID)
	})
}

// deleteOldRead deletes a user's read notifications, except for the newest 300.
const deleteOldRead = `DELETE FROM notifications WHERE user_id = $1 AND read_at > 0 AND id NOT IN (
	SELECT id FROM notifications WHERE user_id = $1 AND read_at > 0 ORDER BY at DESC, id DESC LIMIT 300)`
