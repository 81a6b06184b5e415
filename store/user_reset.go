package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"plaza/store/database"
)

// ResetLifetime is how long the link that sets a new password works.
const ResetLifetime = 30 * time.Minute

// ResetRequest is the payload of a ResetJob. Servers of other versions read its JSON, so its fields must keep
// their names and meanings.
type ResetRequest struct {
	Login string `json:"login"` // a username or an email, as somebody typed it
}

// errNoReset is the error for a link that is unknown, used, replaced or too old. The store cannot tell which.
var errNoReset = &Error{Kind: NotFound, Code: CodeResetLinkInvalid}

// errNoResetMail is the error for a login that no link can be sent for. Only jobs see it.
var errNoResetMail = &Error{Kind: NotFound, Code: CodeUserUnknown}

// RequestReset asks for a link that sets a new password. It adds a ResetJob and reads nothing, so it takes the
// same time whether or not there is such an account: nobody learns that from it.
func (s *Store) RequestReset(ctx context.Context, login string) error {
	login = strings.TrimSpace(login)
	login = database.ValidText(login[:min(len(login), maxEmailLength)])
	return s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		return addJob(ctx, tx, ResetJob, 0, ResetRequest{login})
	})
}

// ResetRecipient returns the account that a link can be sent to for a login. The kind is NotFound if there is
// none, or if its email is not verified or has refused mail: a link goes only where the owner of the account reads
// mail.
func (s *Store) ResetRecipient(ctx context.Context, login string) (User, error) {
	user, err := scanUser(s.queryRow(ctx, `SELECT `+userColumns+` FROM users u
		WHERE (u.username_key = $1 OR u.email_key = $2) AND `+isReachable+` AND u.deleted_at = 0`,
		usernameKey(login), emailKey(login)))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoResetMail
	}
	return user, err
}

// AskReset sends a letter whose link sets a new password. Links of earlier letters stop working. The function
// letter writes the letter about a token of 256 random bits. The store keeps only the token's hash. The account
// is one that ResetRecipient has returned. The kind is NotFound if the account has another email since.
func (s *Store) AskReset(ctx context.Context, user User, letter func(user User, token string) Mail) error {
	token, err := newToken()
	if err != nil {
		return err
	}
	hash := HashToken(token)
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		var same bool
		err := tx.QueryRowContext(ctx, `SELECT u.email = $1 AND `+isReachable+` FROM users u WHERE u.id = $2`, user.Email,
			user.ID).Scan(&same)
		if err == nil && !same {
			err = errNoResetMail
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO password_resets (user_id, token_hash, made_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at`,
			user.ID, hash[:], now().UnixMilli())
		if err != nil {
			return err
		}
		return addMail(ctx, tx, user.ID, letter(user, token))
	})
}

// UserByReset returns the account that a link sets a new password for. It changes nothing. The kind is NotFound
// if the link does not work.
func (s *Store) UserByReset(ctx context.Context, token string) (User, error) {
	return userByReset(token, s.rowQuery(ctx))
}

func userByReset(token string, queryRow func(query string, arguments ...any) database.Row) (User, error) {
	hash := HashToken(token)
	user, err := scanUser(queryRow(`SELECT `+userColumns+` FROM password_resets r JOIN users u ON u.id = r.user_id
		WHERE r.token_hash = $1 AND r.made_at > $2 AND u.deleted_at = 0`, hash[:], now().Add(-ResetLifetime).UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoReset
	}
	return user, err
}

// UseReset sets the password of the account that a link is for, and ends all its sessions. The link works once.
// UseReset sends a letter that tells the owner, unless letter is nil. It returns the account as it was before.
// The kind is NotFound if the link does not work, and Invalid if the password breaks a rule: then the link
// still works.
func (s *Store) UseReset(ctx context.Context, token, password string, letter func(user User) Mail) (User, error) {
	user, err := s.UserByReset(ctx, token)
	if err != nil {
		return User{}, err
	}
	err = s.setPassword(ctx, user, password, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); errors.Is(err, errDeleted) {
			return errNoReset
		} else if err != nil {
			return err
		}
		// Again: hashing takes time, in which the link may have been used, replaced or voided.
		found, err := userByReset(token, func(query string, arguments ...any) database.Row {
			return tx.QueryRowContext(ctx, query, arguments...)
		})
		if err != nil {
			return err
		}
		if letter != nil {
			if err := addMail(ctx, tx, found.ID, letter(found)); err != nil {
				return err
			}
		}
		return endSessions(ctx, tx, sessionsOf, found.ID)
	})
	return user, err
}

// dropReset makes the link that was sent to an account useless.
func dropReset(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM password_resets WHERE user_id = $1`, person)
	return err
}
