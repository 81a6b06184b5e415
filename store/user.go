package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plaza/store/database"
)

// Role says what an account may do on the site.
type Role string

// The roles an account can have.
const (
	Member Role = "member"
	Owner  Role = "owner" // the site's first account
)

// User is an account with its private fields.
type User struct {
	Person
	Email            string
	Role             Role
	CreatedAt        time.Time
	About            string    // Markdown
	EmailHidden      bool      // hidden from all other users
	RelationsVersion int64     // changes with the user's friends and blocks, and with their usernames
	SeenAt           time.Time // the last visit, to within a minute for connected users; zero if there was none
	SeenHidden       bool      // SeenAt is hidden from all other users
	Theme            string    // "light", "dark", or "" to follow the device
	Announces        bool      // screen readers read out new messages

	// passwordVersion is how often the password had changed when the account was read. It is what
	// Authenticate proves: see lockAuthenticated.
	passwordVersion int64
}

const userColumns = personColumns + `, u.email, u.role, u.created_at, u.about, u.email_hidden,
	u.relations_version, u.seen_at, u.seen_hidden, u.theme, u.announces, u.password_version`

// scanUser reads userColumns, and then the columns after them into others.
func scanUser(row database.Row, others ...any) (User, error) {
	var u userRow
	err := row.Scan(append(u.columns(), others...)...)
	return u.user(), err
}

// userRow is an account as the database returns it.
type userRow struct {
	User
	created, seen int64
}

// columns returns the destinations of userColumns, for Scan.
func (u *userRow) columns() []any {
	return append(u.Person.columns(), &u.Email, &u.Role, &u.created, &u.About, &u.EmailHidden, &u.RelationsVersion,
		&u.seen, &u.SeenHidden, &u.Theme, &u.Announces, &u.passwordVersion)
}

func (u *userRow) user() User {
	u.CreatedAt = time.UnixMilli(u.created)
	if u.seen != 0 {
		u.SeenAt = time.UnixMilli(u.seen)
	}
	return u.User
}

// UserByName returns the account with a username, without regard to case. The kind is NotFound if
// there is none.
func (s *Store) UserByName(ctx context.Context, username string) (User, error) {
	user, err := scanUser(s.queryRow(ctx,
		`SELECT `+userColumns+` FROM users u WHERE u.username_key = $1 AND u.deleted_at = 0`, usernameKey(username)))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, errUnknownUser
	}
	return user, err
}

var errUnknownUser = &Error{Kind: NotFound, Code: CodeUserUnknown}

// Usernames returns the usernames of the accounts with the given names, by the given name. A name
// may also be a former username that is still reserved. Names without an account are missing. It
// runs one query.
func (s *Store) Usernames(ctx context.Context, names []string) (map[string]string, error) {
	found := map[string]string{}
	if len(names) == 0 {
		return found, nil
	}
	askedAs := map[string][]string{}
	keys := make([]any, 0, len(names))
	for _, name := range names {
		key := usernameKey(name)
		askedAs[key] = append(askedAs[key], name)
		keys = append(keys, key)
	}
	err := s.each(ctx, func(row database.Row) error {
		var key, username string
		if err := row.Scan(&key, &username); err != nil {
			return err
		}
		for _, name := range askedAs[key] {
			found[name] = username
		}
		return nil
	}, fmt.Sprintf(`SELECT username_key, username FROM users WHERE username_key IN (%[1]s) AND deleted_at = 0
		UNION ALL
		SELECT o.username_key, u.username FROM old_usernames o JOIN users u ON u.id = o.user_id
		WHERE o.username_key IN (%[1]s) AND o.until > $%[2]d AND u.deleted_at = 0`, database.Placeholders(len(keys)),
		len(keys)+1), append(keys, now().UnixMilli())...)
	return found, err
}

// Users returns all accounts, oldest first.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var users []User
	err := s.each(ctx, func(row database.Row) error {
		user, err := scanUser(row)
		users = append(users, user)
		return err
	}, `SELECT `+userColumns+` FROM users u WHERE u.deleted_at = 0 ORDER BY u.id`)
	return users, err
}

// siteHasOwner is the condition that the site has an owner. A deleted account has no role.
const siteHasOwner = `EXISTS (SELECT 1 FROM users WHERE role = 'owner')`

// HasOwner tells whether the site has an owner.
func (s *Store) HasOwner(ctx context.Context) (bool, error) {
	var some bool
	err := s.queryRow(ctx, `SELECT `+siteHasOwner).Scan(&some)
	return some, err
}
