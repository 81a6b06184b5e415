package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"plaza/store/database"
)

// TOTPStep is how long a code of an authenticator app is the current one.
const TOTPStep = 30 * time.Second

// totpBeginning is how long a new secret waits for its first code.
const totpBeginning = time.Hour

// ErrWrongCode is the error for a code that is wrong, or that was used before. Nobody learns which.
var ErrWrongCode = InvalidField("code", CodeCodeWrong)

var (
	errTOTPOn  = &Error{Kind: Conflict, Code: CodeTOTPOn}
	errTOTPOff = &Error{Kind: Conflict, Code: CodeTOTPOff}
)

// SecondFactor is the state of an account's second step of signing in.
type SecondFactor struct {
	Since         time.Time // zero if it is off
	RecoveryCodes int       // how many are left
}

// IsOn tells whether sign-in asks for a code.
func (f SecondFactor) IsOn() bool { return !f.Since.IsZero() }

// SecondFactorOf returns the state of an account's second step of signing in.
func (s *Store) SecondFactorOf(ctx context.Context, user User) (SecondFactor, error) {
	var since int64
	var found SecondFactor
	err := s.queryRow(ctx, `
		SELECT coalesce((SELECT on_since FROM totp WHERE user_id = $1), 0),
			(SELECT count(*) FROM recovery_codes WHERE user_id = $1)`, user.ID).Scan(&since, &found.RecoveryCodes)
	if since != 0 {
		found.Since = time.UnixMilli(since)
	}
	return found, err
}

// BeginTOTP makes a secret for an authenticator app, and returns it as the app takes it. It replaces a
// secret that no code has confirmed. Sign-in asks for codes after ConfirmTOTP. The account must be one that
// Authenticate has returned. The kind is Conflict if the second step is on already, and Invalid if the
// password has changed since.
func (s *Store) BeginTOTP(ctx context.Context, user User) (secret string, err error) {
	random := make([]byte, 20) // as long as the hash: RFC 4226
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return totpText(random), s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		rows, err := changedRows(tx.ExecContext(ctx, `
			INSERT INTO totp (user_id, secret, made_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at
			WHERE totp.on_since = 0`, user.ID, random, now().UnixMilli()))
		if err == nil && rows == 0 {
			err = errTOTPOn
		}
		return err
	})
}

// IsTOTPBegun tells whether a secret of BeginTOTP waits for its first code.
func (s *Store) IsTOTPBegun(ctx context.Context, user User, secret string) (bool, error) {
	var found []byte
	err := s.queryRow(ctx, beginning, user.ID, now().Add(-totpBeginning).UnixMilli()).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return subtle.ConstantTimeCompare([]byte(totpText(found)), []byte(secret)) == 1, err
}

const beginning = `SELECT secret FROM totp WHERE user_id = $1 AND on_since = 0 AND made_at > $2`

// ConfirmTOTP turns the second step of signing in on, if the code is one of the secret that BeginTOTP has
// made. It returns the account's recovery codes, of which the store keeps only hashes. No session ends. The
// user is told by a notification, and by the letter unless it is nil. The kind is Conflict if no secret
// waits.
func (s *Store) ConfirmTOTP(ctx context.Context, user User, code string, letter SecurityLetter) (recoveryCodes []string, err error) {
	recoveryCodes, err = newRecoveryCodes()
	if err != nil {
		return nil, err
	}
	return recoveryCodes, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		at := now()
		var secret []byte
		err := tx.QueryRowContext(ctx, beginning, user.ID, at.Add(-totpBeginning).UnixMilli()).Scan(&secret)
		if errors.Is(err, sql.ErrNoRows) {
			return errTOTPOff
		}
		if err != nil {
			return err
		}
		step, ok := totpMatch(secret, normalCode(code), at)
		if !ok {
			return ErrWrongCode
		}
		if _, err := tx.ExecContext(ctx, `UPDATE totp SET on_since = $1, last_step = $2 WHERE user_id = $3`, at.UnixMilli(),
			step, user.ID); err != nil {
			return err
		}
		if err := setRecoveryCodes(ctx, tx, user.ID, recoveryCodes); err != nil {
			return err
		}
		return s.tellSecurity(ctx, tx, user.ID, TwoStepOn, letter)
	})
}

// RemoveTOTP turns the second step of signing in off. It needs a code, or a recovery code. The account must
// be one that Authenticate has returned. The user is told as by ConfirmTOTP. The kind is Conflict if the
// second step is off, and Invalid if the code is wrong or the password has changed since.
func (s *Store) RemoveTOTP(ctx context.Context, user User, code string, letter SecurityLetter) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		needed, err := needsCode(ctx, tx, user.ID)
		if err == nil && !needed {
			err = errTOTPOff
		}
		if err != nil {
			return err
		}
		_, ok, err := useCode(ctx, tx, user.ID, code)
		if err == nil && !ok {
			err = ErrWrongCode
		}
		if err != nil {
			return err
		}
		return s.removeTOTP(ctx, tx, user.ID, letter)
	})
}

// RemoveSecondFactor turns off the second step of signing in for somebody who has lost the app and the
// recovery codes. The kind is NotFound if no account has the username, and Conflict if the second step is off.
func (s *Store) RemoveSecondFactor(ctx context.Context, username string) error {
	user, err := s.UserByName(ctx, username)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		needed, err := needsCode(ctx, tx, user.ID)
		if err == nil && !needed {
			err = errTOTPOff
		}
		if err != nil {
			return err
		}
		return s.removeTOTP(ctx, tx, user.ID, nil)
	})
}

// removeTOTP turns the second step of signing in off. Sign-ins that wait for a code end, since there is
// none any more.
func (s *Store) removeTOTP(ctx context.Context, tx *database.Tx, person int64, letter SecurityLetter) error {
	for _, statement := range []string{
		`DELETE FROM totp WHERE user_id = $1`,
		`DELETE FROM recovery_codes WHERE user_id = $1`,
		`DELETE FROM half_sign_ins WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	return s.tellSecurity(ctx, tx, person, TwoStepOff, letter)
}

// needsCode tells whether an account's second step of signing in is on. The transaction must have locked
// the account.
func needsCode(ctx context.Context, tx *database.Tx, person int64) (needed bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM totp WHERE user_id = $1 AND on_since > 0)`, person).Scan(&needed)
	return needed, err
}

// useCode uses a code of an account up: one of its authenticator app, or a recovery code. ok tells whether
// the code is right and was not used before. The transaction must have locked the account.
func useCode(ctx context.Context, tx *database.Tx, person int64, code string) (by OpenedBy, ok bool, err error) {
	code = normalCode(code)
	if !isTOTP(code) {
		ok, err = useRecoveryCode(ctx, tx, person, code)
		return OpenedByRecoveryCode, ok, err
	}
	var secret []byte
	err = tx.QueryRowContext(ctx, `SELECT secret FROM totp WHERE user_id = $1 AND on_since > 0`, person).Scan(&secret)
	if errors.Is(err, sql.ErrNoRows) {
		return OpenedByCode, false, nil
	}
	if err != nil {
		return OpenedByCode, false, err
	}
	step, ok := totpMatch(secret, code, now())
	if !ok {
		return OpenedByCode, false, nil
	}
	rows, err := changedRows(tx.ExecContext(ctx, `UPDATE totp SET last_step = $1 WHERE user_id = $2 AND last_step < $1`, step, person))
	return OpenedByCode, rows == 1, err
}

// isTOTP tells whether a normal code looks like one of an authenticator app.
func isTOTP(code string) bool { return len(code) == otp.DigitsSix.Length() }

// totpMatch returns the step of a code. A clock may be wrong by one step, of the phone or of the server.
func totpMatch(secret []byte, code string, at time.Time) (step int64, ok bool) {
	current := at.Unix() / int64(TOTPStep/time.Second)
	for candidate := current + 1; candidate >= current-1; candidate-- {
		expected, err := hotp.GenerateCodeCustom(totpText(secret), uint64(candidate), hotp.ValidateOpts{ //nolint:gosec // never negative
			Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err == nil && subtle.ConstantTimeCompare([]byte(expected), []byte(code)) == 1 {
			return candidate, true
		}
	}
	return 0, false
}

// totpText returns a secret as authenticator apps take it.
func totpText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}
