package store

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// NewUser is what a person gives to make an account.
type NewUser struct {
	Username string
	Email    string
	Password string
}

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
	user := User{Person: Person{Username: n.Username}, Email: n.Email, CreatedAt: now()}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // or two might be the first
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
	if database.IsUniqueViolation(err) {
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
