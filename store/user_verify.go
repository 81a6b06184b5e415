package store

import (
	"context"

	"plaza/store/database"
)

// NoteUnverified notifies a user whose email is not verified, or has refused mail, unless there is such a notification
// that is unread. It tells whether it notified the user. It writes nothing otherwise.
func (s *Store) NoteUnverified(ctx context.Context, user User) (noted bool, err error) {
	const isMissing = `SELECT NOT (` + isReachable + `) AND NOT EXISTS (SELECT 1 FROM notifications n
		WHERE n.user_id = u.id AND n.kind = 'unverified' AND n.read_at = 0) FROM users u WHERE u.id = $1 AND u.deleted_at = 0`
	if err := s.queryRow(ctx, isMissing, user.ID).Scan(&noted); err != nil || !noted {
		return false, err
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, isMissing, user.ID).Scan(&noted); err != nil || !noted {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: user.ID, kind: EmailUnverified})
	})
	return noted && err == nil, err
}

// endVerifyNote marks the notification of NoteUnverified as read, since the email is verified.
func (s *Store) endVerifyNote(ctx context.Context, tx *database.Tx, person int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE notifications SET read_at = $1
		WHERE user_id = $2 AND kind = 'unverified' AND read_at = 0`, now().UnixMilli(), person)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return s.recordInboxChanged(ctx, tx, person)
}
