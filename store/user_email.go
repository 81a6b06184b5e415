package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"plaza/store/database"
)

// EmailChangeLifetime is how long the link that confirms an email works.
const EmailChangeLifetime = 24 * time.Hour

// EmailChange is an email of an account that waits to be confirmed: a new one, or the account's own if it is not
// verified, or has refused mail.
type EmailChange struct {
	Username  string
	Email     string
	Before    string // the account's email until it is confirmed
	Reachable bool   // Before is verified, and has not refused mail since
}

// KeepsEmail tells whether the account's own email is confirmed, and not a new one.
func (c EmailChange) KeepsEmail() bool { return c.Email == c.Before }

// IsDone tells whether the change is confirmed already.
func (c EmailChange) IsDone() bool { return c.KeepsEmail() && c.Reachable }

// isReachable is the condition that mail comes to the email of an account u.
const isReachable = `u.email_verified AND NOT EXISTS (SELECT 1 FROM refused_addresses r WHERE r.email_key = u.email_key)`

// CheckEmail returns an Invalid error if an account cannot have an email: it is malformed, or
// belongs to another account.
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

// isEmailTaken tells whether an email belongs to an account other than person's.
func (s *Store) isEmailTaken(ctx context.Context, email string, person int64) (bool, error) {
	var taken bool
	err := s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE email_key = $1 AND id <> $2)`, emailKey(email),
		person).Scan(&taken)
	return taken, err
}

// HideEmail hides an account's email from other users, or shows it. It needs no password.
func (s *Store) HideEmail(ctx context.Context, user User, hidden bool) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		return hideEmail(ctx, tx, user.ID, hidden)
	})
}

func hideEmail(ctx context.Context, tx *database.Tx, person int64, hidden bool) error {
	_, err := tx.ExecContext(ctx, `UPDATE users SET email_hidden = $1 WHERE id = $2`, hidden, person)
	return err
}

// ChangeEmail changes an account's email without confirmation, and hides or shows it. It drops an
// email that waits to be confirmed. The account must be one that Authenticate has returned. The kind
// is Invalid if the email is malformed or belongs to another account, and if the password has
// changed since.
func (s *Store) ChangeEmail(ctx context.Context, user User, email string, hidden bool) error {
	email = strings.TrimSpace(email)
	if err := InvalidField("email", checkEmail(email)); err != nil {
		return err
	}
	err := s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, user.ID); err != nil {
			return err
		}
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT email FROM users WHERE id = $1`, user.ID).Scan(&before); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET email = $1, email_key = $2, email_hidden = $3,
			email_verified = email_verified AND email = $1 WHERE id = $4`, email, emailKey(email), hidden, user.ID)
		if err != nil || email == before {
			return err
		}
		if err := dropReset(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := dropDigestLinks(ctx, tx, user.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, newNotification{recipient: user.ID, kind: EmailChanged})
	})
	if database.IsUniqueViolation(err) {
		return InvalidField("email", CodeEmailTaken)
	}
	return err
}

// AskEmailChange stores a new email for an account and sends a letter there, whose link confirms
// it. It replaces an earlier email that is not confirmed yet. It also hides or shows the account's
// current email. The function letter writes the letter about a token of 256 random bits. The store
// keeps only the token's hash. The account must be one that Authenticate has returned. Errors are
// those of ChangeEmail.
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
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		if err := hideEmail(ctx, tx, user.ID, hidden); err != nil {
			return err
		}
		if err := saveEmailChange(ctx, tx, user.ID, email, hash); err != nil {
			return err
		}
		return addMail(ctx, tx, user.ID, letter(EmailChange{Username: user.Username, Email: email, Before: user.Email}, token))
	})
}

// SendEmailLink sends a letter to the email that waits to be confirmed, or else to the account's own email if that
// is not verified or has refused mail. The links of earlier letters stop working. It needs no password, since it
// changes no email. The kind is NotFound if there is nothing to confirm.
func (s *Store) SendEmailLink(ctx context.Context, user User, letter func(change EmailChange, token string) Mail) error {
	token, err := newToken()
	if err != nil {
		return err
	}
	hash := HashToken(token)
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		var email, own string
		var reachable bool
		err := tx.QueryRowContext(ctx, `SELECT u.email, `+isReachable+`, coalesce((SELECT email FROM email_changes
			WHERE user_id = u.id AND made_at > $2 AND `+isUnconfirmed+`), u.email)
			FROM users u WHERE u.id = $1`, user.ID, oldestEmailChange()).Scan(&own, &reachable, &email)
		if err == nil && email == own && reachable {
			err = &Error{Kind: NotFound, Code: CodeEmailNotWaiting}
		}
		if err != nil {
			return err
		}
		if err := saveEmailChange(ctx, tx, user.ID, email, hash); err != nil {
			return err
		}
		return addMail(ctx, tx, user.ID, letter(EmailChange{user.Username, email, own, reachable}, token))
	})
}

// saveEmailChange replaces the email that waits to be confirmed.
func saveEmailChange(ctx context.Context, tx *database.Tx, person int64, email string, token TokenHash) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO email_changes (user_id, email, token_hash, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE
			SET email = excluded.email, token_hash = excluded.token_hash, made_at = excluded.made_at`,
		person, email, token[:], now().UnixMilli())
	return err
}

// WaitingEmail returns the email of an account that waits to be confirmed, which may be the account's own. It returns
// the empty string if there is none.
func (s *Store) WaitingEmail(ctx context.Context, user User) (string, error) {
	var email string
	err := s.queryRow(ctx, `SELECT email FROM email_changes WHERE user_id = $1 AND made_at > $2 AND `+isUnconfirmed,
		user.ID, oldestEmailChange()).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return email, err
}

// DropEmailChange drops the email that waits to be confirmed.
func (s *Store) DropEmailChange(ctx context.Context, user User) error {
	return s.InTx(ctx, func(tx *database.Tx) error { return dropEmailChange(ctx, tx, user.ID) })
}

func dropEmailChange(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM email_changes WHERE user_id = $1`, person)
	return err
}

// isUnconfirmed is the condition that a change of email waits. A confirmed one stays until it is too old, or until the
// email changes again, so that a second click finds it.
const isUnconfirmed = `NOT EXISTS (SELECT 1 FROM users u
	WHERE u.id = email_changes.user_id AND u.email = email_changes.email AND ` + isReachable + `)`

// errNoEmailChange is the error for a link that is unknown, replaced or too old. The store cannot tell which.
var errNoEmailChange = &Error{Kind: NotFound, Code: CodeEmailLinkInvalid}

// EmailChangeByToken returns the change that a link confirms, or has confirmed. The kind is NotFound if the link
// confirms nothing.
func (s *Store) EmailChangeByToken(ctx context.Context, token string) (EmailChange, error) {
	return emailChangeByToken(token, s.rowQuery(ctx))
}

func emailChangeByToken(token string, queryRow func(query string, arguments ...any) database.Row) (EmailChange, error) {
	var change EmailChange
	hash := HashToken(token)
	err := queryRow(`
		SELECT u.username, c.email, u.email, `+isReachable+` FROM email_changes c JOIN users u ON u.id = c.user_id
		WHERE c.token_hash = $1 AND c.made_at > $2`, hash[:], oldestEmailChange()).Scan(&change.Username, &change.Email,
		&change.Before, &change.Reachable)
	if errors.Is(err, sql.ErrNoRows) {
		return EmailChange{}, errNoEmailChange
	}
	return change, err
}

// ConfirmEmail changes an account's email to the one that a link confirms, which is verified then. If the email was
// another one before, ConfirmEmail sends a letter there, unless letter is nil or no mail comes there. A link works once: it changes nothing if it is followed again. It returns the
// account's id. The kind is NotFound if the link confirms nothing, and Conflict if another account has the email.
func (s *Store) ConfirmEmail(ctx context.Context, token string, letter func(change EmailChange) Mail) (person int64, err error) {
	hash := HashToken(token)
	err = s.InTx(ctx, func(tx *database.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM email_changes WHERE token_hash = $1`, hash[:]).Scan(&person)
		if err == nil {
			// The account's row first: all transactions that change the account lock it first.
			err = lockUsers(ctx, tx, person)
		}
		if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errDeleted) {
			return errNoEmailChange
		}
		if err != nil {
			return err
		}
		change, err := emailChangeByToken(token, func(query string, arguments ...any) database.Row {
			return tx.QueryRowContext(ctx, query, arguments...)
		})
		if err != nil || change.IsDone() {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE users SET email = $1, email_key = $2, email_verified = TRUE WHERE id = $3`, change.Email,
			emailKey(change.Email), person)
		if err != nil {
			return err
		}
		if err := acceptsMail(ctx, tx, change.Email); err != nil {
			return err
		}
		if err := s.endVerifyNote(ctx, tx, person); err != nil || change.KeepsEmail() {
			return err
		}
		// Their links were sent to the former email.
		if err := dropReset(ctx, tx, person); err != nil {
			return err
		}
		if err := dropDigestLinks(ctx, tx, person); err != nil {
			return err
		}
		if letter != nil && change.Reachable {
			if err := addMail(ctx, tx, person, letter(change)); err != nil {
				return err
			}
		}
		return s.notify(ctx, tx, newNotification{recipient: person, kind: EmailChanged})
	})
	if database.IsUniqueViolation(err) {
		return 0, &Error{Kind: Conflict, Code: CodeEmailTakenSince}
	}
	return person, err
}

func oldestEmailChange() int64 { return now().Add(-EmailChangeLifetime).UnixMilli() }
