package store

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// NewUser is the input for CreateUser.
type NewUser struct {
	Username string
	Email    string
	Password string
}

// normal returns the input with its names in normal form.
func (n NewUser) normal() NewUser {
	return NewUser{
		Username: norm.NFC.String(strings.TrimSpace(n.Username)), Email: strings.TrimSpace(n.Email),
		Password: n.Password,
	}
}

// CheckNewUser returns the error that CreateUser would return for this input: Invalid, with all
// fields that break a rule or are taken. It is cheap, since it hashes no password.
func (s *Store) CheckNewUser(ctx context.Context, n NewUser) error {
	n = n.normal()
	username, email := checkUsername(n.Username), checkEmail(n.Email)
	var err error
	if username == "" {
		if username, err = nameProblem(s.queryRow(ctx, nameTaken, nameArguments(n.Username, 0)...)); err != nil {
			return err
		}
	}
	if email == "" {
		var taken bool
		if taken, err = s.isEmailTaken(ctx, n.Email, 0); err != nil {
			return err
		}
		if taken {
			email = CodeEmailRegistered
		}
	}
	if email == CodeEmailRegistered && username == "" {
		// That account may have come between the two questions, and have the name too.
		if username, err = nameProblem(s.queryRow(ctx, nameTaken, nameArguments(n.Username, 0)...)); err != nil {
			return err
		}
	}
	return JoinInvalid(InvalidField("username", username), InvalidField("email", email),
		InvalidField("password", checkPassword(n.Password, n.Username)))
}

// CreateUser makes an account for the command line, even if registration is closed. While the site has no owner, the
// account becomes its owner. What the public chat has so far counts as read. The kind is Invalid if fields break a
// rule or are taken; the error names all of them.
func (s *Store) CreateUser(ctx context.Context, n NewUser) (User, error) {
	// Check before hashing, which is expensive. The unique keys check again in the transaction.
	if err := s.CheckNewUser(ctx, n); err != nil {
		return User{}, err
	}
	return s.createUser(ctx, n, nil)
}

// createUser makes an account, if shown admits one in the transaction; nil admits everyone.
func (s *Store) createUser(ctx context.Context, n NewUser, shown *Admission) (User, error) {
	n = n.normal()
	hash, err := s.hashPassword(ctx, n.Password)
	if err != nil {
		return User{}, err
	}
	user := User{Person: Person{Username: n.Username}, Email: n.Email, CreatedAt: now()}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // otherwise two accounts could be the first
			return err
		}
		if shown != nil {
			if err := shown.check(txQuery(ctx, tx)); err != nil {
				return err
			}
		}
		// A reserved name is in no row of users, so no unique key protects it.
		problem, err := nameProblem(tx.QueryRowContext(ctx, nameTaken, nameArguments(n.Username, 0)...))
		if err != nil {
			return err
		}
		if problem != "" {
			return InvalidField("username", problem)
		}
		err = tx.QueryRowContext(ctx, `
			INSERT INTO users (username, username_key, username_look, email, email_key, password_hash, role, created_at,
				public_read_to)
			VALUES ($1, $2, $3, $4, $5, $6,
				CASE WHEN `+siteHasOwner+` THEN 'member' ELSE 'owner' END, $7,
				(SELECT version FROM rooms WHERE id = $8))
			RETURNING id, role`,
			n.Username, usernameKey(n.Username), usernameLook(n.Username), n.Email, emailKey(n.Email), hash,
			user.CreatedAt.UnixMilli(), PublicRoom,
		).Scan(&user.ID, &user.Role)
		if err != nil {
			return err
		}
		if user.Role == Owner {
			if err := dropSetupToken(ctx, tx); err != nil {
				return err
			}
		}
		if shown != nil {
			if err := useInvite(ctx, tx, shown.Invite, user.ID); err != nil {
				return err
			}
		}
		return indexNames(ctx, tx, user.ID)
	})
	switch {
	case database.IsUniqueViolation(err):
		return User{}, errors.Join(s.CheckNewUser(ctx, n), err)
	case KindOf(err) == Invalid: // somebody was faster; their email may be the same too
		return User{}, JoinInvalid(err, s.CheckNewUser(ctx, n))
	}
	return user, err
}
