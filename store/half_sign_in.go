package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// A sign-in of an account with a second step is half finished between the right password and the right
// code. It is no session, and allows nothing but to send a code. It ends with its use, after HalfSignInLifetime,
// with a change of the password, and with the last of HalfSignInFailures wrong codes.
const (
	HalfSignInLifetime = 10 * time.Minute
	HalfSignInFailures = 5
)

// ErrCodeNeeded is the error for a sign-in by password alone to an account whose second step is on.
var ErrCodeNeeded = &Error{Kind: Forbidden, Code: CodeCodeNeeded}

// ErrHalfSignInEnded is the error for a half-finished sign-in that is unknown or has ended.
var ErrHalfSignInEnded = &Error{Kind: Invalid, Code: CodeHalfSignInEnded}

// BeginSignIn begins a sign-in that needs a code, and returns a token of 256 random bits for the browser's
// cookie. The account must be one that Authenticate has returned. The kind is NotFound if the account was
// deleted, and Invalid if its password has changed since.
func (s *Store) BeginSignIn(ctx context.Context, user User) (token string, err error) {
	token, err = newToken()
	if err != nil {
		return "", err
	}
	hash := HashToken(token)
	return token, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO half_sign_ins (token_hash, user_id, password_version, made_at) VALUES ($1, $2, $3, $4)`,
			hash[:], user.ID, user.passwordVersion, now().UnixMilli())
		return err
	})
}

// halfSignIns is the condition for a half-finished sign-in h of a user u that has not ended. Its arguments are the
// hash of the token, and the time after which it must have been made.
const halfSignIns = `u.id = h.user_id AND u.deleted_at = 0 AND u.password_version = h.password_version
	AND h.token_hash = $1 AND h.made_at > $2`

// HalfSignedIn returns the account of a half-finished sign-in. It returns ErrHalfSignInEnded if there is none.
func (s *Store) HalfSignedIn(ctx context.Context, token string) (User, error) {
	hash := HashToken(token)
	user, err := scanUser(s.queryRow(ctx, `SELECT `+userColumns+` FROM half_sign_ins h, users u WHERE `+halfSignIns, hash[:],
		now().Add(-HalfSignInLifetime).UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, ErrHalfSignInEnded
	}
	return user, err
}

// FinishSignIn signs in the account of a half-finished sign-in, if the code is right: one of its
// authenticator app, or a recovery code. A code is used up by the transaction that creates the session, so of
// two sign-ins with one code one gets in. FinishSignIn returns a token as CreateSession does. If a recovery
// code was used, the user is told by a notification, and by the letter unless it is nil.
//
// A wrong code counts, and with the last one the sign-in ends. The error is then ErrHalfSignInEnded, and
// otherwise ErrWrongCode.
func (s *Store) FinishSignIn(
	ctx context.Context, half, code, userAgent, browser string, letter SecurityLetter,
) (token string, user User, err error) {
	token, err = newToken()
	if err != nil {
		return "", User{}, err
	}
	halfHash := HashToken(half)
	var refused error
	err = s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		refused = nil
		var person int64
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM half_sign_ins WHERE token_hash = $1`, halfHash[:]).Scan(&person)
		if err == nil {
			err = lockUsers(ctx, tx, person)
		}
		if err == nil { // again, with the account locked: until then it may have ended
			user, err = scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+` FROM half_sign_ins h, users u WHERE `+halfSignIns,
				halfHash[:], now().Add(-HalfSignInLifetime).UnixMilli()))
		}
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errDeleted) {
			return ErrHalfSignInEnded
		}
		if err != nil {
			return err
		}
		by, ok, err := useCode(ctx, tx, person, code)
		if err != nil {
			return err
		}
		if !ok {
			refused, err = countWrongCode(ctx, tx, halfHash)
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM half_sign_ins WHERE token_hash = $1`, halfHash[:]); err != nil {
			return err
		}
		if by == OpenedByRecoveryCode {
			if err := s.tellSecurity(ctx, tx, person, RecoveryCodeUsed, letter); err != nil {
				return err
			}
		}
		return s.openSession(ctx, tx, person, by, HashToken(token), userAgent, browser)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", User{}, err
	}
	return token, user, nil
}

// countWrongCode counts a wrong code, and ends the half-finished sign-in if that was the last one. It
// returns what FinishSignIn says about the code.
func countWrongCode(ctx context.Context, tx *database.Tx, half TokenHash) (refused, err error) {
	var failures int
	err = tx.QueryRowContext(ctx, `UPDATE half_sign_ins SET failures = failures + 1 WHERE token_hash = $1 RETURNING failures`,
		half[:]).Scan(&failures)
	if err != nil || failures < HalfSignInFailures {
		return ErrWrongCode, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM half_sign_ins WHERE token_hash = $1`, half[:])
	return ErrHalfSignInEnded, err
}

// endUnfinished ends what the password of an account has begun: half-finished sign-ins, a secret of an
// authenticator app that is not confirmed, and passkeys that are being added. The transaction must have locked the
// account.
func endUnfinished(ctx context.Context, tx *database.Tx, person int64) error {
	for _, statement := range []string{
		`DELETE FROM half_sign_ins WHERE user_id = $1`,
		`DELETE FROM provider_sign_ins WHERE user_id = $1`,
		`DELETE FROM totp WHERE user_id = $1 AND on_since = 0`,
		`DELETE FROM challenges WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	return nil
}
