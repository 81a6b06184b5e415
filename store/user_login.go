package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
)

// Login is what limits need to know of a login before its password is verified.
type Login struct {
	Key   string // the same text for all logins that find the same account
	Known bool   // somebody has signed in to the account with the browser before
}

// FindLogin returns what limits need to know of a login and a browser. A login without an account
// has a key too, of bounded length, because strangers choose logins.
func (s *Store) FindLogin(ctx context.Context, login, browser string) (Login, error) {
	login = strings.TrimSpace(login)
	var found Login
	var id int64
	hash := HashToken(browser)
	err := s.queryRow(ctx, `
		SELECT u.id, EXISTS (SELECT 1 FROM browsers b WHERE b.user_id = u.id AND b.token_hash = $3)
		FROM users u WHERE (u.username_key = $1 OR u.email_key = $2) AND u.deleted_at = 0`,
		usernameKey(login), emailKey(login), hash[:]).Scan(&id, &found.Known)
	if errors.Is(err, sql.ErrNoRows) {
		key := usernameKey(emailKey(login)) // all spellings of an address have one key
		return Login{Key: "login " + key[:min(len(key), maxEmailLength)]}, nil
	}
	found.Key = "account " + strconv.FormatInt(id, 10)
	return found, err
}

// ErrCredentials is the error for a login without an account, for a password that is wrong, and for one
// that has changed since it was verified. Nobody learns which.
var ErrCredentials = &Error{Kind: Invalid, Code: CodeCredentials}

// Authenticate returns the account with this username or email and this password. If either is
// wrong, it returns an Invalid error. The code and the time are the same in both cases. The password
// may change at any time, so what it allows must take the returned account, and not one that was
// read earlier or later.
func (s *Store) Authenticate(ctx context.Context, login, password string) (User, error) {
	login = strings.TrimSpace(login)
	var hash string
	user, err := scanUser(s.queryRow(ctx, `
		SELECT `+userColumns+`, u.password_hash
		FROM users u WHERE (u.username_key = $1 OR u.email_key = $2) AND u.deleted_at = 0`, usernameKey(login),
		emailKey(login)), &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return User{}, err
	}
	matches, err := s.passwordMatches(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !matches {
		return User{}, ErrCredentials
	}
	return user, nil
}
