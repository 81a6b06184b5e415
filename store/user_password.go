package store

import (
	"context"

	"plaza/store/database"
)

// CheckPassword returns an Invalid error if a new password for an account breaks a rule.
func CheckPassword(user User, password string) error {
	return InvalidField("password", checkPassword(password, user.Username))
}

// ChangePassword changes an account's password, ends all its sessions except the given one, and
// drops an email that waits to be confirmed: an intruder may have asked for that. The kind is
// Invalid if the password breaks a rule. The caller must have checked the current password.
func (s *Store) ChangePassword(ctx context.Context, session Session, password string) error {
	if err := CheckPassword(session.User, password); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := endSessions(ctx, tx, othersOf, session.User.ID, session.Hash[:]); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, session.User.ID); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, session.User.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash,
			session.User.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: session.User.ID, kind: PasswordChanged})
	})
}

// ResetPassword changes an account's password, ends all its sessions, and drops an email that waits
// to be confirmed. The kind is NotFound if no account has the username, and Invalid if the password
// breaks a rule.
func (s *Store) ResetPassword(ctx context.Context, username, password string) error {
	user, err := s.UserByName(ctx, username)
	if err != nil {
		return err
	}
	if err := CheckPassword(user, password); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := endSessions(ctx, tx, sessionsOf, user.ID); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, user.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: user.ID, kind: PasswordChanged})
	})
}
