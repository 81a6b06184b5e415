package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// RenameEvery is the shortest time between two changes of a username. NameReserved is how long a
// former username is reserved for its account.
const (
	RenameEvery  = 30 * 24 * time.Hour
	NameReserved = 90 * 24 * time.Hour
)

// ChangeUsername changes an account's username. The former name leads to the account while it is
// reserved. The kind is Invalid if the name breaks a rule, belongs to another account or is
// reserved for one, or if the last change is less than RenameEvery ago. Changing back counts as a
// change.
func (s *Store) ChangeUsername(ctx context.Context, user User, username string) error {
	username = norm.NFC.String(strings.TrimSpace(username))
	if problem := checkUsername(username); problem != "" {
		return InvalidField("username", problem)
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		var current string
		var renamed int64
		err := tx.QueryRowContext(ctx, `SELECT username, renamed_at FROM users WHERE id = $1`,
			user.ID).Scan(&current, &renamed)
		if err != nil {
			return err
		}
		if current == username {
			return InvalidField("username", CodeUsernameSame)
		}
		if again := renamesAgain(renamed); now().Before(again) {
			return &Error{Kind: Invalid, Fields: map[string]Problem{"username": {CodeUsernameTooSoon, Args{Until: again}}}}
		}
		problem, err := nameProblem(tx.QueryRowContext(ctx, nameTaken, nameArguments(username, user.ID)...))
		if err != nil {
			return err
		}
		if problem != "" {
			return InvalidField("username", problem)
		}
		return rename(ctx, tx, user.ID, username)
	})
}

// renamesAgain returns when a username that was changed at renamed may be changed again.
func renamesAgain(renamed int64) time.Time { return time.UnixMilli(renamed).Add(RenameEvery) }

// rename changes a username after all checks. The transaction must have called lockSite.
func rename(ctx context.Context, tx *database.Tx, person int64, username string) error {
	at, key := now(), usernameKey(username)
	// The account's own former name, or one that is no longer reserved.
	if _, err := tx.ExecContext(ctx, `DELETE FROM old_usernames WHERE username_key = $1`, key); err != nil {
		return err
	}
	if err := reserveName(ctx, tx, person, at.Add(NameReserved)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE users
		SET username = $1, username_key = $2, username_look = $3, renamed_at = $4 WHERE id = $5`,
		username, key, usernameLook(username), at.UnixMilli(), person)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, bumpOthersRelations, person); err != nil {
		return err
	}
	if err := indexNames(ctx, tx, person); err != nil {
		return err
	}
	return recordUserChanged(ctx, tx, person)
}

// reserveName reserves a user's current name until a time.
func reserveName(ctx context.Context, tx *database.Tx, person int64, until time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO old_usernames (username_key, username_look, username, user_id, until)
		SELECT username_key, username_look, username, id, $2 FROM users WHERE id = $1
		ON CONFLICT (username_key) DO UPDATE SET username_look = excluded.username_look, username = excluded.username,
			user_id = excluded.user_id, until = excluded.until`, person, until.UnixMilli())
	return err
}

// bumpOthersRelations increments the relations version of users whose pages highlight or hide a
// user by name.
const bumpOthersRelations = `UPDATE users SET relations_version = relations_version + 1 WHERE id IN (
	SELECT user_id FROM friends WHERE friend_id = $1 UNION SELECT blocker_id FROM blocks WHERE blocked_id = $1)`

// nameTaken asks whether a username, and a name that looks like it, belongs to another account than
// person's or is reserved for one.
const nameTaken = `
	SELECT EXISTS (SELECT 1 FROM users WHERE username_key = $1 AND id <> $3)
	       OR EXISTS (SELECT 1 FROM old_usernames WHERE username_key = $1 AND user_id <> $3 AND until > $4),
	       EXISTS (SELECT 1 FROM users WHERE username_look = $2 AND id <> $3)
	       OR EXISTS (SELECT 1 FROM old_usernames WHERE username_look = $2 AND user_id <> $3 AND until > $4)`

func nameArguments(username string, person int64) []any {
	return []any{usernameKey(username), usernameLook(username), person, now().UnixMilli()}
}

// nameProblem reads the result of nameTaken. It returns why the name is not available, or the empty
// string.
func nameProblem(row database.Row) (Code, error) {
	var sameName, sameLook bool
	err := row.Scan(&sameName, &sameLook)
	switch {
	case err != nil:
		return "", err
	case sameName:
		return CodeUsernameTaken, nil
	case sameLook:
		return CodeUsernameLooksTaken, nil
	}
	return "", nil
}

// RenameAgainAt returns when an account may change its username. The time is in the past if it may
// do so at once.
func (s *Store) RenameAgainAt(ctx context.Context, user User) (time.Time, error) {
	var renamed int64
	err := s.queryRow(ctx, `SELECT renamed_at FROM users WHERE id = $1`, user.ID).Scan(&renamed)
	return renamesAgain(renamed), err
}

// UserByOldName returns the account for which a former username is reserved. The kind is NotFound
// if there is none, or if the account was deleted.
func (s *Store) UserByOldName(ctx context.Context, username string) (User, error) {
	user, err := scanUser(s.queryRow(ctx, `
		SELECT `+userColumns+` FROM old_usernames o JOIN users u ON u.id = o.user_id
		WHERE o.username_key = $1 AND o.until > $2 AND u.deleted_at = 0`, usernameKey(username), now().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, errUnknownUser
	}
	return user, err
}
