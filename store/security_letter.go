package store

import (
	"context"
	"database/sql"
	"errors"

	"plaza/store/database"
)

// SecurityLetter writes the letter that tells a user of a change of how they sign in.
type SecurityLetter func(user User, kind NotificationKind) Mail

// tellSecurity tells a user of a change of how they sign in: by a notification, and by the letter if there
// is one and mail comes to the user.
func (s *Store) tellSecurity(ctx context.Context, tx *database.Tx, person int64, kind NotificationKind, letter SecurityLetter) error {
	if err := s.notify(ctx, tx, newNotification{recipient: person, kind: kind}); err != nil || letter == nil {
		return err
	}
	user, err := scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = $1 AND `+isReachable, person))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return addMail(ctx, tx, person, letter(user, kind))
}
