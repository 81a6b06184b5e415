package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// LoginKey returns what all spellings have in common under which one account may be signed
// in to, so that whoever counts failures counts them as one. It is bounded, since anybody
// may make up any number of them.
func LoginKey(login string) string {
	key := usernameKey(strings.TrimSpace(login))
	return key[:min(len(key), maxEmailLength)]
}

// Authenticate returns the account with this username or email and this password; an
// Invalid error, with the same code and after the same time, where either is wrong.
func (s *Store) Authenticate(ctx context.Context, login, password string) (User, error) {
	login = strings.TrimSpace(login)
	var hash string
	user, err := scanUser(s.queryRow(ctx, `
		SELECT `+userColumns+`, u.password_hash
		FROM users u WHERE (u.username_key = $1 OR u.email_key = $2) AND u.deleted_at = 0`, usernameKey(login), emailKey(login)), &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return User{}, err
	}
	matches, err := s.passwordMatches(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !matches {
		return User{}, &Error{Kind: Invalid, Code: CodeCredentials}
	}
	return user, nil
}
