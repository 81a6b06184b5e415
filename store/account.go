package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The longest display name and text about oneself, in Unicode code points.
const (
	MaxDisplayNameLength = 64
	MaxAboutLength       = 500
)

// ChangeProfile gives an account a display name, "" for none, and a text about the person in
// Markdown, and hides or shows when they were last here. Invalid where one breaks a rule, with a
// sentence for each field at fault.
func (s *Store) ChangeProfile(ctx context.Context, user User, displayName, about string, seenHidden bool) error {
	displayName = norm.NFC.String(strings.Join(strings.Fields(displayName), " "))
	about = strings.TrimSpace(about)
	fields := map[string]string{}
	if problem := checkDisplayName(displayName); problem != "" {
		fields["display_name"] = problem
	}
	if problem := checkAbout(about); problem != "" {
		fields["about"] = problem
	}
	if len(fields) > 0 {
		return &Error{Kind: Invalid, Message: mendFields, Fields: fields}
	}
	problem, err := nameProblem(s.lookUp(ctx, whoHasName, nameArguments(displayName, user.ID)...))
	if err != nil {
		return err
	}
	if problem != "" {
		return invalid("display_name", "This name looks like somebody else's username: please choose another.")
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		if err := mustLive(ctx, tx, user.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET display_name = $1, about = $2, seen_hidden = $3 WHERE id = $4`, displayName, about, seenHidden, user.ID)
		if err != nil {
			return err
		}
		if err := indexNames(ctx, tx, user.ID); err != nil {
			return err
		}
		return notePerson(ctx, tx, user.ID)
	})
}

// checkDisplayName returns what is wrong with a display name; "" where nothing is.
func checkDisplayName(name string) string {
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, isHidden):
		return "A name has no invisible characters in it: please type it again."
	case utf8.RuneCountInString(name) > MaxDisplayNameLength:
		return "A name has at most 64 characters."
	case name != "" && !strings.ContainsFunc(name, isSeen):
		return "A name has at least one letter, digit or symbol."
	}
	return ""
}

// isHidden tells characters that cannot be seen, or that turn the text around them. The joiners
// alone are left: emoji and some scripts need them.
func isHidden(r rune) bool {
	const joiners = "\u200c\u200d"
	const blanks = "\u115f\u1160\u2800\u3164\uffa0" // which Unicode calls letters and symbols
	return r == utf8.RuneError || strings.ContainsRune(blanks, r) ||
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) && !strings.ContainsRune(joiners, r)
}

func isSeen(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) }

// checkAbout returns what is wrong with a text about a person; "" where nothing is.
func checkAbout(about string) string {
	switch {
	case !utf8.ValidString(about) || strings.ContainsRune(about, 0):
		return "There is a character in it that cannot be shown. Please remove it."
	case utf8.RuneCountInString(about) > MaxAboutLength:
		return "It has at most 500 characters: please make it shorter."
	}
	return ""
}

// ChangeTheme has an account's pages look light or dark, or with "" like the device. It writes
// nothing where they do.
func (s *Store) ChangeTheme(ctx context.Context, user User, theme string) error {
	if user.Theme == theme {
		return nil
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET theme = $1 WHERE id = $2 AND deleted_at = 0`, theme, user.ID)
		return err
	})
}

// ChangePassword gives an account a new password, ends all its sessions but the one given, and
// forgets an email that waits to be confirmed: whoever asked for that may not have been its owner.
// Invalid where the password breaks a rule. The caller has asked for the current one.
func (s *Store) ChangePassword(ctx context.Context, session Session, password string) error {
	if problem := checkPassword(password, session.User.Username); problem != "" {
		return invalid("password", problem)
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		if err := endSessions(ctx, tx, othersOf, session.User.ID, session.Hash[:]); err != nil {
			return err
		}
		if err := mustLive(ctx, tx, session.User.ID); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, session.User.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, session.User.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, notice{person: session.User.ID, kind: PasswordChanged})
	})
}

// sessionsOf picks the sessions of an account.
const sessionsOf = `user_id = $1`

// othersOf picks the sessions of an account but for one.
const othersOf = `user_id = $1 AND token_hash <> $2`

// SignedIn is one place where an account is signed in.
type SignedIn struct {
	Hash      TokenHash
	UserAgent string
	Since     time.Time
	UsedAt    time.Time // to within an hour
}

// Sessions returns where an account is signed in, the latest used first; at most a hundred.
func (s *Store) Sessions(ctx context.Context, user User) ([]SignedIn, error) {
	var found []SignedIn
	at := now()
	return found, s.each(ctx, func(row scanner) error {
		var hash []byte
		var one SignedIn
		var since, used int64
		if err := row.Scan(&hash, &one.UserAgent, &since, &used); err != nil {
			return err
		}
		one.Hash, one.Since, one.UsedAt = TokenHash(hash), time.UnixMilli(since), time.UnixMilli(used)
		found = append(found, one)
		return nil
	}, `SELECT token_hash, user_agent, created_at, used_at FROM sessions
		WHERE user_id = $1 AND used_at > $2 AND created_at > $3 ORDER BY used_at DESC, created_at DESC LIMIT 100`,
		user.ID, at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli())
}

// RevokeSession ends one of an account's sessions; NotFound where it has no such session.
func (s *Store) RevokeSession(ctx context.Context, user User, hash TokenHash) error {
	var owner int64
	err := s.lookUp(ctx, `SELECT user_id FROM sessions WHERE token_hash = $1`, hash[:]).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) || err == nil && owner != user.ID {
		return &Error{Kind: NotFound, Message: "That browser is not signed in any more."}
	}
	if err != nil {
		return err
	}
	return s.EndSession(ctx, hash)
}

// RevokeOtherSessions ends all of an account's sessions but the one given.
func (s *Store) RevokeOtherSessions(ctx context.Context, session Session) error {
	return s.InTx(ctx, func(tx *sql.Tx) error {
		return endSessions(ctx, tx, othersOf, session.User.ID, session.Hash[:])
	})
}
