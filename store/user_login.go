package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// LoginKey returns the same text for all spellings of a login that can find the same account, so
// that failures are counted together. Its length is bounded, because strangers choose logins.
func LoginKey(login string) string {
	key := usernameKey(emailKey(strings.TrimSpace(login)))
	return key[:min(len(key), maxEmailLength)]
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
