package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"plaza/store/database"
)

// MaxPasskeys is how many passkeys an account may have.
const MaxPasskeys = 20

// maxPasskeyName is the length of a passkey's name, in code points.
const maxPasskeyName = 64

// The store knows nothing of how passkeys sign. It keeps their credentials as text of its caller, who verifies
// the answers of passkeys in functions that the store calls in its transactions.

// Passkey is a passkey as the list of passkeys shows it.
type Passkey struct {
	ID     int64
	Name   string
	Since  time.Time
	UsedAt time.Time // zero if it was never used to sign in
}

// PasskeyAccount is an account as authenticators know it.
type PasskeyAccount struct {
	User        User
	Handle      []byte   // random, the same for all passkeys of the account
	Credentials []string // of all its passkeys
}

// NewPasskey is the input for AddPasskey.
type NewPasskey struct {
	Name         string
	Handle       []byte // of the account, as the challenge has it
	CredentialID []byte
	Credential   string
}

var (
	// ErrPasskeyRefused is the error for a passkey that is unknown, and for one whose answer is wrong.
	ErrPasskeyRefused = &Error{Kind: Invalid, Code: CodePasskeyRefused}

	errTooManyPasskeys = &Error{Kind: Conflict, Code: CodeTooManyPasskeys}
)

// CheckPasskeyName returns an Invalid error if a passkey cannot have a name.
func CheckPasskeyName(name string) error {
	if utf8.RuneCountInString(name) > maxPasskeyName || strings.TrimSpace(database.ValidText(name)) != name {
		return InvalidField("name", CodePasskeyName)
	}
	return nil
}

// Passkeys returns an account's passkeys, oldest first.
func (s *Store) Passkeys(ctx context.Context, user User) ([]Passkey, error) {
	var found []Passkey
	err := s.each(ctx, func(row database.Row) error {
		var one Passkey
		var since, used int64
		if err := row.Scan(&one.ID, &one.Name, &since, &used); err != nil {
			return err
		}
		one.Since = time.UnixMilli(since)
		if used != 0 {
			one.UsedAt = time.UnixMilli(used)
		}
		found = append(found, one)
		return nil
	}, `SELECT id, name, made_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY id`, user.ID)
	return found, err
}

// Passkey returns a passkey of an account. The kind is NotFound if the account has no such passkey.
func (s *Store) Passkey(ctx context.Context, user User, id int64) (Passkey, error) {
	all, err := s.Passkeys(ctx, user)
	for _, one := range all {
		if one.ID == id {
			return one, nil
		}
	}
	if err == nil {
		err = errPasskeyGone
	}
	return Passkey{}, err
}

var errPasskeyGone = &Error{Kind: NotFound, Code: CodePasskeyGone}

// BeginPasskey begins to add a passkey to an account, and stores the challenge that the function challenge makes.
// The account must be one that Authenticate has returned. If the account's second step of signing in is on, the code
// must be right too, and is used up: a passkey signs in without it. The kind is Invalid if the code is wrong or the
// password has changed since, and Conflict if the account has too many passkeys.
func (s *Store) BeginPasskey(
	ctx context.Context, user User, code string, challenge func(account PasskeyAccount) (Challenge, error),
) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		account, err := passkeyAccount(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		if len(account.Credentials) >= MaxPasskeys {
			return errTooManyPasskeys
		}
		needed, err := needsCode(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		if needed {
			_, ok, err := useCode(ctx, tx, user.ID, code)
			if err == nil && !ok {
				err = ErrWrongCode
			}
			if err != nil {
				return err
			}
		}
		made, err := challenge(account)
		if err != nil {
			return err
		}
		return addChallenge(ctx, tx, user.ID, made)
	})
}

// AddPasskey adds the passkey with which the function verify answers a challenge of BeginPasskey. The challenge is
// used up, also if verify refuses the answer. The user is told as by ConfirmTOTP.
func (s *Store) AddPasskey(
	ctx context.Context, user User, challenge string,
	verify func(data string, account PasskeyAccount) (NewPasskey, error), letter SecurityLetter,
) error {
	var refused error
	err := s.InTx(ctx, func(tx *database.Tx) error {
		refused = nil
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		data, err := takeChallenge(ctx, tx, user.ID, challenge)
		if err != nil {
			return err
		}
		account, err := passkeyAccount(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		made, err := verify(data, account)
		if err == nil {
			err = CheckPasskeyName(made.Name)
		}
		if err == nil && len(account.Credentials) >= MaxPasskeys {
			err = errTooManyPasskeys
		}
		if err == nil && len(account.Credentials) > 0 && !bytes.Equal(made.Handle, account.Handle) {
			err = ErrChallengeEnded // another first passkey was added meanwhile, with its own handle
		}
		if err != nil {
			refused = err
			return nil //nolint:nilerr // the challenge stays used up
		}
		rows, err := changedRows(tx.ExecContext(ctx, `
			INSERT INTO passkeys (user_id, name, handle, credential_id, credential, made_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (credential_id) DO NOTHING`,
			user.ID, made.Name, made.Handle, made.CredentialID, made.Credential, now().UnixMilli()))
		if err != nil {
			return err
		}
		if rows == 0 {
			refused = &Error{Kind: Conflict, Code: CodePasskeyTaken}
			return nil
		}
		return s.tellSecurity(ctx, tx, user.ID, PasskeyAdded, letter)
	})
	if err == nil {
		err = refused
	}
	return err
}

// SignInByPasskey signs in the account of the passkey with an id, with which the function verify answers a challenge
// of BeginPasskeySignIn. verify returns the passkey's credential as it is after that. The challenge is used up, also if
// verify refuses the answer, so of two sign-ins with one answer one gets in. SignInByPasskey returns a token as
// CreateSession does. It asks for no code, because a passkey verifies its user itself.
func (s *Store) SignInByPasskey(
	ctx context.Context, challenge string, credentialID []byte,
	verify func(data string, account PasskeyAccount) (credential string, err error), userAgent, browser string,
) (token string, user User, err error) {
	token, err = newToken()
	if err != nil {
		return "", User{}, err
	}
	var refused error
	err = s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		refused = nil
		var person int64
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM passkeys WHERE credential_id = $1`, credentialID).Scan(&person)
		if err == nil {
			err = lockUsers(ctx, tx, person)
		}
		unknown := errors.Is(err, sql.ErrNoRows) || errors.Is(err, errDeleted)
		if err != nil && !unknown {
			return err
		}
		data, err := takeChallenge(ctx, tx, 0, challenge)
		if err != nil {
			return err
		}
		if unknown {
			refused = ErrPasskeyRefused
			return nil //nolint:nilerr // the challenge stays used up
		}
		account, err := passkeyAccount(ctx, tx, person)
		if err != nil {
			return err
		}
		user = account.User
		credential, err := verify(data, account)
		if err != nil {
			refused = err
			return nil //nolint:nilerr // the challenge stays used up
		}
		rows, err := changedRows(tx.ExecContext(ctx, `UPDATE passkeys SET credential = $1, used_at = $2 WHERE credential_id = $3
			AND user_id = $4`, credential, now().UnixMilli(), credentialID, person))
		if err != nil {
			return err
		}
		if rows == 0 { // it was removed before the account was locked
			refused = ErrPasskeyRefused
			return nil
		}
		return s.openSession(ctx, tx, person, OpenedByPasskey, HashToken(token), userAgent, browser)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", User{}, err
	}
	return token, user, nil
}

// RemovePasskey removes a passkey of an account. The account must be one that Authenticate has returned. The
// user is told as by ConfirmTOTP. The kind is NotFound if the account has no such passkey.
func (s *Store) RemovePasskey(ctx context.Context, user User, id int64, letter SecurityLetter) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		rows, err := changedRows(tx.ExecContext(ctx, `DELETE FROM passkeys WHERE id = $1 AND user_id = $2`, id, user.ID))
		if err == nil && rows == 0 {
			err = errPasskeyGone
		}
		if err != nil {
			return err
		}
		return s.tellSecurity(ctx, tx, user.ID, PasskeyRemoved, letter)
	})
}

// passkeyAccount returns an account as authenticators know it. An account without passkeys gets a new handle. The
// transaction must have locked the account.
func passkeyAccount(ctx context.Context, tx *database.Tx, person int64) (PasskeyAccount, error) {
	user, err := scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, person))
	if err != nil {
		return PasskeyAccount{}, err
	}
	account := PasskeyAccount{User: user}
	rows, err := tx.QueryContext(ctx, `SELECT handle, credential FROM passkeys WHERE user_id = $1 ORDER BY id`, person)
	if err != nil {
		return PasskeyAccount{}, err
	}
	err = database.EachRow(rows, func(row database.Row) error {
		var credential string
		err := row.Scan(&account.Handle, &credential)
		account.Credentials = append(account.Credentials, credential)
		return err
	})
	if err == nil && account.Handle == nil {
		account.Handle = make([]byte, 32)
		_, err = rand.Read(account.Handle)
	}
	return account, err
}
