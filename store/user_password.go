package store

import (
	"context"

	"plaza/store/database"
)

// CheckPassword returns an Invalid error where a new password for an account breaks a rule.
func CheckPassword(user User, password string) error {
	return InvalidField("password", checkPassword(password, user.Username))
}

// ChangePassword gives an account a new password, ends all its sessions but the one given, and
// forgets an email that waits to be confirmed: whoever asked for that may not have been its owner.
// Invalid where the password breaks a rule. The caller has asked for the current one.
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
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, session.User.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: session.User.ID, kind: PasswordChanged})
	})
}

// ResetPassword gives an account a new password, ends all its sessions, and forgets an email that
// waits to be confirmed.
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
