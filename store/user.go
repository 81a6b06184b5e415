package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Role is what an account may do on the site.
type Role string

// The roles an account can have.
const (
	Member Role = "member"
	Owner  Role = "owner" // the site's first account
)

// User is an account.
type User struct {
	ID          int64
	Username    string // unique without regard to case
	DisplayName string // "" where the person chose none
	Email       string
	Role        Role
	CreatedAt   time.Time
	About       string    // Markdown
	EmailHidden bool      // from all but the person
	Circle      int64     // how often the person's friends and blocks changed
	Picture     string    // a hash of the person's picture; "" where there is none
	SeenAt      time.Time // when last here, to within a minute where they are connected; zero: never yet
	SeenHidden  bool      // when that was, from all but the person
	Theme       string    // "light" or "dark"; "" follows the device
}

// Name returns what to call the person: the display name, or else the username.
func (u User) Name() string {
	if u.IsDeleted() {
		return "deleted account"
	}
	if u.DisplayName != "" {
		return u.DisplayName
	}
	return u.Username
}

const userColumns = `u.id, u.username, u.display_name, u.email, u.role, u.created_at, u.about, u.email_hidden, u.circle, u.picture, u.seen_at, u.seen_hidden, u.theme`

// scanUser reads the columns of an account, and those that come after them.
func scanUser(row scanner, others ...any) (User, error) {
	var u userRow
	err := row.Scan(append(u.columns(), others...)...)
	return u.user(), err
}

// userRow is an account as its columns have it.
type userRow struct {
	User
	created, seen int64
}

// columns is where the columns of an account are copied to.
func (u *userRow) columns() []any {
	return []any{
		&u.ID, &u.Username, &u.DisplayName, &u.Email, &u.Role, &u.created, &u.About, &u.EmailHidden, &u.Circle, &u.Picture, &u.seen, &u.SeenHidden, &u.Theme,
	}
}

func (u *userRow) user() User {
	u.CreatedAt = time.UnixMilli(u.created)
	if u.seen != 0 {
		u.SeenAt = time.UnixMilli(u.seen)
	}
	return u.User
}

// NewUser is what a person gives to make an account.
type NewUser struct {
	Username string
	Email    string
	Password string
}

// maxEmailLength is the longest address that mail can be sent to (RFC 5321, with the
// erratum 1690 to RFC 3696).
const maxEmailLength = 254

// CreateUser makes an account; the first of a site, where all others were deleted, is its owner. Invalid where a field
// breaks a rule or is taken, with a sentence for each such field.
func (s *Store) CreateUser(ctx context.Context, n NewUser) (User, error) {
	n.Username = norm.NFC.String(strings.TrimSpace(n.Username))
	n.Email = strings.TrimSpace(n.Email)
	fields := map[string]string{}
	for field, problem := range map[string]string{
		"username": checkUsername(n.Username),
		"email":    checkEmail(n.Email),
		"password": checkPassword(n.Password, n.Username),
	} {
		if problem != "" {
			fields[field] = problem
		}
	}
	if len(fields) > 0 {
		return User{}, &Error{Kind: Invalid, Message: mendFields, Fields: fields}
	}
	// Looked up before hashing, which is dear, and again by the unique keys within.
	if err := s.checkTaken(ctx, n); err != nil {
		return User{}, err
	}
	hash, err := s.hashPassword(ctx, n.Password)
	if err != nil {
		return User{}, err
	}
	user := User{Username: n.Username, Email: n.Email, CreatedAt: now()}
	err = s.InTx(ctx, func(tx *sql.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil { // or two might be the first
			return err
		}
		// Nobody's row has a name that is reserved.
		problem, err := nameProblem(tx.QueryRowContext(ctx, whoHasName, nameArguments(n.Username, 0)...))
		if err != nil {
			return err
		}
		if problem != "" {
			return &Error{Kind: Invalid, Message: mendFields, Fields: map[string]string{"username": problem}}
		}
		err = tx.QueryRowContext(ctx, `
			INSERT INTO users (username, username_key, username_look, email, email_key, password_hash, role, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN EXISTS (SELECT 1 FROM users WHERE deleted_at = 0) THEN 'member' ELSE 'owner' END, $7)
			RETURNING id, role`,
			n.Username, usernameKey(n.Username), usernameLook(n.Username), n.Email, emailKey(n.Email), hash, user.CreatedAt.UnixMilli(),
		).Scan(&user.ID, &user.Role)
		if err != nil {
			return err
		}
		return indexNames(ctx, tx, user.ID)
	})
	if isUniqueViolation(err) {
		return User{}, errors.Join(s.checkTaken(ctx, n), err)
	}
	return user, err
}

const mendFields = "Please mend what is marked below."

// checkTaken says which of a new account's names belong to somebody else.
func (s *Store) checkTaken(ctx context.Context, n NewUser) error {
	fields := map[string]string{}
	problem, err := nameProblem(s.lookUp(ctx, whoHasName, nameArguments(n.Username, 0)...))
	if err != nil {
		return err
	}
	if problem != "" {
		fields["username"] = problem
	}
	var sameEmail bool
	if err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE email_key = $1)`, emailKey(n.Email)).Scan(&sameEmail); err != nil {
		return err
	}
	if sameEmail {
		fields["email"] = "This email has an account already: sign in instead?"
	}
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: mendFields, Fields: fields}
}

func checkEmail(email string) string {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmailLength {
		return "Please give an email address such as ada@example.org."
	}
	return ""
}

// emailKey returns what two addresses that differ only in case have in common.
func emailKey(email string) string { return strings.ToLower(validText(email)) }

// LoginKey returns what all spellings have in common under which one account may be signed
// in to, so that whoever counts failures counts them as one. It is bounded, since anybody
// may make up any number of them.
func LoginKey(login string) string {
	key := usernameKey(strings.TrimSpace(login))
	return key[:min(len(key), maxEmailLength)]
}

// Authenticate returns the account with this username or email and this password; an
// Invalid error, with the same words and after the same time, where either is wrong.
func (s *Store) Authenticate(ctx context.Context, login, password string) (User, error) {
	login = strings.TrimSpace(login)
	var hash string
	user, err := scanUser(s.lookUp(ctx, `
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
		return User{}, &Error{Kind: Invalid, Message: "No account has this name and this password. Please check both."}
	}
	return user, nil
}

// UserByName returns the account with this username, in any case; NotFound where there is none.
func (s *Store) UserByName(ctx context.Context, username string) (User, error) {
	user, err := scanUser(s.lookUp(ctx, `SELECT `+userColumns+` FROM users u WHERE u.username_key = $1 AND u.deleted_at = 0`, usernameKey(username)))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, errNobody
	}
	return user, err
}

var errNobody = &Error{Kind: NotFound, Message: "Nobody here goes by this name."}

// Usernames returns the usernames of those accounts, among the names given, that exist:
// each under the name it was asked for, which may be one that it had lately. One query, however
// many names.
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
	return found, s.each(ctx, func(row scanner) error {
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
		WHERE o.username_key IN (%[1]s) AND o.until > $%[2]d AND u.deleted_at = 0`, placeholders(len(keys)), len(keys)+1), append(keys, now().UnixMilli())...)
}

// Users returns all accounts in the order in which they were made.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var users []User
	return users, s.each(ctx, func(row scanner) error {
		user, err := scanUser(row)
		users = append(users, user)
		return err
	}, `SELECT `+userColumns+` FROM users u WHERE u.deleted_at = 0 ORDER BY u.id`)
}

// HasUsers tells whether anybody has an account yet.
func (s *Store) HasUsers(ctx context.Context) (bool, error) {
	var some bool
	err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE deleted_at = 0)`).Scan(&some)
	return some, err
}

// ResetPassword gives an account a new password, ends all its sessions, and forgets an email that
// waits to be confirmed.
func (s *Store) ResetPassword(ctx context.Context, username, password string) error {
	user, err := s.UserByName(ctx, username)
	if err != nil {
		return err
	}
	if problem := checkPassword(password, user.Username); problem != "" {
		return invalid("password", problem)
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		if err := endSessions(ctx, tx, sessionsOf, user.ID); err != nil {
			return err
		}
		if err := mustLive(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := dropEmailChange(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, user.ID); err != nil {
			return err
		}
		return s.notify(ctx, tx, notice{person: user.ID, kind: PasswordChanged})
	})
}
