package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"plaza/store/database"
)

// Identity is who somebody is at a provider of sign-ins (OpenID Connect). An account is found by the issuer and the
// subject alone: names and emails at a provider can change hands.
type Identity struct {
	Issuer  string
	Subject string
	Name    string // for people, as the provider says it
}

// LinkedIdentity is an identity that signs an account in.
type LinkedIdentity struct {
	ID int64
	Identity
	Since  time.Time
	UsedAt time.Time // zero: never
}

// ProviderSignIn is a sign-in that the browser has been sent to a provider for.
type ProviderSignIn struct {
	Token    string // 256 random bits for the browser's cookie
	Nonce    string // which the provider puts into its answer
	Verifier string // of PKCE (RFC 7636)
	Next     string // the local path to go to afterwards

	userID, passwordVersion int64 // the account that is to be linked; 0: none
}

// ProviderSignInLifetime is how long people have for what a provider asks them.
const ProviderSignInLifetime = 10 * time.Minute

// Links tells whether the sign-in links an account, which was signed in already.
func (p ProviderSignIn) Links() bool { return p.userID != 0 }

// IsOf tells whether the sign-in links this account.
func (p ProviderSignIn) IsOf(user User) bool { return p.userID == user.ID }

// State is what the provider sends back with the browser. Only the browser that has the token knows it.
func (p ProviderSignIn) State() string {
	hash := sha256.Sum256([]byte("state of " + p.Token))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

// ErrProviderSignInEnded is the error for a sign-in by a provider that is unknown, used or too old.
var ErrProviderSignInEnded = &Error{Kind: Invalid, Code: CodeProviderSignInEnded}

// BeginProviderSignIn begins a sign-in by a provider. If user is not the zero value, the identity is linked to that
// account, which Authenticate must have returned.
func (s *Store) BeginProviderSignIn(ctx context.Context, user User, next string) (ProviderSignIn, error) {
	begun := ProviderSignIn{Next: next, userID: user.ID, passwordVersion: user.passwordVersion}
	for _, token := range []*string{&begun.Token, &begun.Nonce, &begun.Verifier} {
		var err error
		if *token, err = newToken(); err != nil {
			return ProviderSignIn{}, err
		}
	}
	hash := HashToken(begun.Token)
	err := s.InTx(ctx, func(tx *database.Tx) error {
		if user.ID != 0 {
			if err := lockAuthenticated(ctx, tx, user); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO provider_sign_ins (token_hash, nonce, verifier, next, user_id, password_version, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, hash[:], begun.Nonce, begun.Verifier, begun.Next, begun.userID, begun.passwordVersion,
			now().UnixMilli())
		return err
	})
	return begun, err
}

// TakeProviderSignIn returns the sign-in with a token, and uses it up: an answer of the provider counts once. The state
// is what came with the answer. The error is ErrProviderSignInEnded if there is none, or if the state is another's.
func (s *Store) TakeProviderSignIn(ctx context.Context, token, state string) (ProviderSignIn, error) {
	begun := ProviderSignIn{Token: token}
	if token == "" || state != begun.State() {
		return ProviderSignIn{}, ErrProviderSignInEnded
	}
	hash := HashToken(token)
	err := s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		return tx.QueryRowContext(ctx, `DELETE FROM provider_sign_ins WHERE token_hash = $1 AND made_at > $2
			RETURNING nonce, verifier, next, user_id, password_version`, hash[:], now().Add(-ProviderSignInLifetime).UnixMilli(),
		).Scan(&begun.Nonce, &begun.Verifier, &begun.Next, &begun.userID, &begun.passwordVersion)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return ProviderSignIn{}, ErrProviderSignInEnded
	}
	return begun, err
}

// UserByIdentity returns the account that an identity signs in. The kind is NotFound if there is none.
func (s *Store) UserByIdentity(ctx context.Context, identity Identity) (User, error) {
	user, err := scanUser(s.queryRow(ctx, `SELECT `+userColumns+` FROM identities i, users u
		WHERE u.id = i.user_id AND u.deleted_at = 0 AND i.issuer = $1 AND i.subject = $2`, identity.Issuer, identity.Subject))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, errNotLinked
	}
	return user, err
}

var errNotLinked = &Error{Kind: NotFound, Code: CodeNotLinked}

// CreateSessionByIdentity signs an account that UserByIdentity has returned in. It returns a token as CreateSession does,
// and ErrCodeNeeded if the account's second step is on. The kind is NotFound if the identity is not linked any more.
func (s *Store) CreateSessionByIdentity(ctx context.Context, user User, identity Identity, userAgent, browser string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		linked, err := changedRows(tx.ExecContext(ctx, `UPDATE identities SET used_at = $1, name = $2
			WHERE issuer = $3 AND subject = $4 AND user_id = $5`, now().UnixMilli(), database.ValidText(identity.Name), identity.Issuer,
			identity.Subject, user.ID))
		if err != nil {
			return err
		}
		if linked == 0 {
			return errNotLinked
		}
		needed, err := needsCode(ctx, tx, user.ID)
		if err == nil && needed {
			err = ErrCodeNeeded
		}
		if err != nil {
			return err
		}
		return s.openSession(ctx, tx, user.ID, OpenedByProvider, HashToken(token), userAgent, browser)
	})
}

// LinkBegun links an identity to the account that has begun the sign-in. The letter tells the user of it, unless it is
// nil. The kind is Invalid if the password has changed since, and Conflict if the identity signs in another account.
func (s *Store) LinkBegun(ctx context.Context, begun ProviderSignIn, identity Identity, letter SecurityLetter) error {
	return s.link(ctx, User{Person: Person{ID: begun.userID}, passwordVersion: begun.passwordVersion}, identity, letter, nil)
}

// ClaimIdentity keeps an identity that the provider vouches for and that no account has, until its owner says which
// account is theirs. It returns a token of 256 random bits for the browser's cookie.
func (s *Store) ClaimIdentity(ctx context.Context, identity Identity) (token string, err error) {
	if token, err = newToken(); err != nil {
		return "", err
	}
	hash := HashToken(token)
	return token, s.commitStatements(ctx, &database.Statement{
		Query:     `INSERT INTO provider_claims (token_hash, issuer, subject, name, made_at) VALUES ($1, $2, $3, $4, $5)`,
		Arguments: []any{hash[:], identity.Issuer, identity.Subject, database.ValidText(identity.Name), now().UnixMilli()},
	})
}

// ClaimedIdentity returns the identity of a claim. The error is ErrProviderSignInEnded if there is none.
func (s *Store) ClaimedIdentity(ctx context.Context, token string) (Identity, error) {
	hash := HashToken(token)
	return scanClaim(s.queryRow(ctx, `SELECT issuer, subject, name FROM provider_claims WHERE `+livingClaim, hash[:],
		now().Add(-ProviderSignInLifetime).UnixMilli()))
}

const livingClaim = `token_hash = $1 AND made_at > $2`

func scanClaim(row database.Row) (identity Identity, err error) {
	err = row.Scan(&identity.Issuer, &identity.Subject, &identity.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return Identity{}, ErrProviderSignInEnded
	}
	return identity, err
}

// LinkClaimed links the identity of a claim to an account that Authenticate has returned, and uses the claim up. Errors
// are those of LinkBegun, and ErrProviderSignInEnded if there is no claim.
func (s *Store) LinkClaimed(ctx context.Context, user User, token string, letter SecurityLetter) (identity Identity, err error) {
	hash := HashToken(token)
	err = s.link(ctx, user, Identity{}, letter, func(tx *database.Tx) (Identity, error) {
		identity, err = scanClaim(tx.QueryRowContext(ctx, `DELETE FROM provider_claims WHERE `+livingClaim+`
			RETURNING issuer, subject, name`, hash[:], now().Add(-ProviderSignInLifetime).UnixMilli()))
		return identity, err
	})
	return identity, err
}

// link links an identity to an account, or the one that claim returns unless it is nil.
func (s *Store) link(
	ctx context.Context, user User, identity Identity, letter SecurityLetter, claim func(tx *database.Tx) (Identity, error),
) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		if claim != nil {
			var err error
			if identity, err = claim(tx); err != nil {
				return err
			}
		}
		var owner int64
		err := tx.QueryRowContext(ctx, `INSERT INTO identities (issuer, subject, user_id, name, made_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name RETURNING user_id`, identity.Issuer, identity.Subject,
			user.ID, database.ValidText(identity.Name), now().UnixMilli()).Scan(&owner)
		if err != nil {
			return err
		}
		if owner != user.ID {
			return &Error{Kind: Conflict, Code: CodeLinkedToAnother}
		}
		return s.tellSecurity(ctx, tx, user.ID, IdentityLinked, letter)
	})
}

// Identities returns the identities that sign an account in, oldest first.
func (s *Store) Identities(ctx context.Context, user User) ([]LinkedIdentity, error) {
	var found []LinkedIdentity
	err := s.each(ctx, func(row database.Row) error {
		var one LinkedIdentity
		var since, used int64
		err := row.Scan(&one.ID, &one.Issuer, &one.Subject, &one.Name, &since, &used)
		one.Since = time.UnixMilli(since)
		if used != 0 {
			one.UsedAt = time.UnixMilli(used)
		}
		found = append(found, one)
		return err
	}, `SELECT id, issuer, subject, name, made_at, used_at FROM identities WHERE user_id = $1 ORDER BY id`, user.ID)
	return found, err
}

// UnlinkIdentity has an identity sign an account in no more. The account must be one that Authenticate has returned. The
// kind is NotFound if the account has no such identity.
func (s *Store) UnlinkIdentity(ctx context.Context, user User, id int64, letter SecurityLetter) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		gone, err := changedRows(tx.ExecContext(ctx, `DELETE FROM identities WHERE id = $1 AND user_id = $2`, id, user.ID))
		if err != nil {
			return err
		}
		if gone == 0 {
			return errNotLinked
		}
		return s.tellSecurity(ctx, tx, user.ID, IdentityUnlinked, letter)
	})
}
