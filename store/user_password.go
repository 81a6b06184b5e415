package store

import (
	"context"

	"plaza/store/database"
)

// CheckPassword returns an Invalid error if a new password for an account breaks a rule.
func CheckPassword(user User, password string) error {
	return InvalidField("password", checkPassword(password, user.Username))
}

// ChangePassword changes the password of an account that Authenticate has returned. It ends all the
// account's sessions except the given one, and its half-finished sign-ins. It drops an email that waits to be
// confirmed: an intruder may have asked for that. The kind is Invalid if the password breaks a rule, or if another
// change of the password came first.
func (s *Store) ChangePassword(ctx context.Context, user User, session TokenHash, password string) error {
	return s.setPassword(ctx, user, password, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		return endSessions(ctx, tx, othersOf, user.ID, session[:])
	})
}

// ResetPassword changes an account's password, ends all its sessions and half-finished sign-ins, and drops an
// email that waits to be confirmed. The second step of signing in stays on. The kind is NotFound if no account has the username, and Invalid if the password
// breaks a rule.
func (s *Store) ResetPassword(ctx context.Context, username, password string) error {
	user, err := s.UserByName(ctx, username)
	if err != nil {
		return err
	}
	return s.setPassword(ctx, user, password, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		return endSessions(ctx, tx, sessionsOf, user.ID)
	})
}

// setPassword changes an account's password. The function lockAndEnd locks the account and then ends
// sessions: in the other order, a session that is created in between would stay.
func (s *Store) setPassword(
	ctx context.Context, user User, password string, lockAndEnd func(tx *database.Tx) error,
) error {
	if err := CheckPassword(user, password); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // before the account's row: endSessions needs it
			return err
		}
		if err := lockAndEnd(tx); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := dropReset(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := endUnfinished(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1, password_version = password_version + 1,
			password_set_at = $2 WHERE id = $3`, hash, now().UnixMilli(), user.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: user.ID, kind: PasswordChanged})
	})
}
