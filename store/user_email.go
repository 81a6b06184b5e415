package store

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strings"
	"time"

	"plaza/store/database"
)

// EmailChangeLifetime is how long the link works that confirms an email.
const EmailChangeLifetime = 24 * time.Hour

// EmailChange is an email that somebody wants to have, and has yet to confirm.
type EmailChange struct {
	Username string
	Email    string
}

// CheckEmail returns an Invalid error where an account cannot have an email: it is none, or belongs
// to somebody else.
func (s *Store) CheckEmail(ctx context.Context, user User, email string) error {
	email = strings.TrimSpace(email)
	if err := InvalidField("email", checkEmail(email)); err != nil {
		return err
	}
	taken, err := s.isEmailTaken(ctx, email, user.ID)
	if err == nil && taken {
		err = InvalidField("email", CodeEmailTaken)
	}
	return err
}

// isEmailTaken tells whether an email belongs to anybody but one person.
func (s *Store) isEmailTaken(ctx context.Context, email string, person int64) (bool, error) {
	var taken bool
	err := s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE email_key = $1 AND id <> $2)`, emailKey(email), person).Scan(&taken)
	return taken, err
}

// ChangeEmail gives an account another email, or hides or shows the one it has. Invalid where it
// is none or belongs to somebody else. The caller has asked for the password.
func (s *Store) ChangeEmail(ctx context.Context, user User, email string, hidden bool) error {
	email = strings.TrimSpace(email)
	if err := InvalidField("email", checkEmail(email)); err != nil {
		return err
	}
	err := s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT email FROM users WHERE id = $1`, user.ID).Scan(&before); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET email = $1, email_key = $2, email_hidden = $3 WHERE id = $4`, email, emailKey(email), hidden, user.ID)
		if err != nil || email == before {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: user.ID, kind: EmailChanged})
	})
	if database.IsUniqueViolation(err) {
		return InvalidField("email", CodeEmailTaken)
	}
	return err
}

// AskEmailChange notes an email that an account is to have once it is confirmed, instead of any
// that was asked for before, and hides or shows the one it has. It sends there the letter that is
// written about a token of 256 random bits, of which the store keeps the hash. Invalid as for
// ChangeEmail. The caller has asked for the password.
func (s *Store) AskEmailChange(ctx context.Context, user User, email string, hidden bool, letter func(change EmailChange, token string) Mail) error {
	email = strings.TrimSpace(email)
	if err := s.CheckEmail(ctx, user, email); err != nil {
		return err
	}
	token, err := newToken()
	if err != nil {
		return err
	}
	hash := HashToken(token)
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET email_hidden = $1 WHERE id = $2`, hidden, user.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO email_changes (user_id, email, token_hash, made_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, token_hash = excluded.token_hash, made_at = excluded.made_at`,
			user.ID, email, hash[:], now().UnixMilli())
		if err != nil {
			return err
		}
		return addMail(ctx, tx, user.ID, letter(EmailChange{user.Username, email}, token))
	})
}

// AskEmailChangeAgain sends another letter about the email that waits to be confirmed; what an
// earlier one said holds no more. NotFound where none waits.
func (s *Store) AskEmailChangeAgain(ctx context.Context, user User, letter func(change EmailChange, token string) Mail) error {
	email, err := s.WaitingEmail(ctx, user)
	if err != nil {
		return err
	}
	if email == "" {
		return &Error{Kind: NotFound, Code: CodeEmailNotWaiting}
	}
	return s.AskEmailChange(ctx, user, email, user.EmailHidden, letter)
}

// WaitingEmail returns the email that an account has yet to confirm; "" where there is none.
func (s *Store) WaitingEmail(ctx context.Context, user User) (string, error) {
	var email string
	err := s.queryRow(ctx, `SELECT email FROM email_changes WHERE user_id = $1 AND made_at > $2`, user.ID, oldestEmailChange()).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return email, err
}

// DropEmailChange has an account keep the email that it has.
func (s *Store) DropEmailChange(ctx context.Context, user User) error {
	return s.InTx(ctx, func(tx *database.Tx) error { return dropEmailChange(ctx, tx, user.ID) })
}

func dropEmailChange(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM email_changes WHERE user_id = $1`, person)
	return err
}

// errNoEmailChange is what a link says that is unknown, was used, or is too old: nobody can tell
// which.
var errNoEmailChange = &Error{Kind: NotFound, Code: CodeEmailLinkInvalid}

// EmailChangeByToken returns what a link confirms; NotFound where that is nothing.
func (s *Store) EmailChangeByToken(ctx context.Context, token string) (EmailChange, error) {
	var change EmailChange
	hash := HashToken(token)
	err := s.queryRow(ctx, `
		SELECT u.username, c.email FROM email_changes c JOIN users u ON u.id = c.user_id
		WHERE c.token_hash = $1 AND c.made_at > $2`, hash[:], oldestEmailChange()).Scan(&change.Username, &change.Email)
	if errors.Is(err, sql.ErrNoRows) {
		return EmailChange{}, errNoEmailChange
	}
	return change, err
}

// ConfirmEmail gives an account the email that a link confirms, once, and sends a letter to the
// address that it had. It returns the account's id. NotFound where the link confirms nothing; Conflict where somebody else has
// the email by now.
func (s *Store) ConfirmEmail(ctx context.Context, token string, letter func(change EmailChange, before string) Mail) (person int64, err error) {
	hash := HashToken(token)
	err = s.InTx(ctx, func(tx *database.Tx) error {
		var change EmailChange
		var before string
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM email_changes WHERE token_hash = $1`, hash[:]).Scan(&person)
		if err == nil {
			// The account's row first, as whoever changes the account locks it.
			err = lockUsers(ctx, tx, person)
		}
		if err == nil {
			err = tx.QueryRowContext(ctx, `DELETE FROM email_changes WHERE token_hash = $1 AND made_at > $2 RETURNING email`,
				hash[:], oldestEmailChange()).Scan(&change.Email)
		}
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errDeleted) {
			return errNoEmailChange
		}
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `SELECT username, email FROM users WHERE id = $1`, person).Scan(&change.Username, &before)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE users SET email = $1, email_key = $2 WHERE id = $3`, change.Email, emailKey(change.Email), person)
		if err != nil {
			return err
		}
		if err := addMail(ctx, tx, person, letter(change, before)); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: person, kind: EmailChanged})
	})
	if database.IsUniqueViolation(err) {
		return 0, &Error{Kind: Conflict, Code: CodeEmailTakenSince}
	}
	return person, err
}

func oldestEmailChange() int64 { return now().Add(-EmailChangeLifetime).UnixMilli() }

// maxEmailLength is the longest address that mail can be sent to (RFC 5321, with the
// erratum 1690 to RFC 3696).
const maxEmailLength = 254

// checkEmail returns what is wrong with an email; "" where nothing is.
func checkEmail(email string) Code {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmailLength {
		return CodeEmailMalformed
	}
	return ""
}

// emailKey returns what two addresses that differ only in case have in common.
func emailKey(email string) string { return strings.ToLower(database.ValidText(email)) }
