package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"plaza/store/database"
)

// sessionsOf is the condition for the sessions of an account.
const sessionsOf = `user_id = $1`

// othersOf is the condition for the sessions of an account, except for one.
const othersOf = `user_id = $1 AND token_hash <> $2`

// A session ends SessionIdleLifetime after its last use, and SessionLifetime after its creation at
// the latest.
const (
	SessionIdleLifetime = 30 * 24 * time.Hour
	SessionLifetime     = 180 * 24 * time.Hour
)

// sessionUseInterval is the maximum age of a session's recorded time of last use. Reading pages
// within it writes nothing.
const sessionUseInterval = time.Hour

// newToken returns 256 random bits as text.
func newToken() (string, error) {
	random := make([]byte, 32)
	_, err := rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random), err
}

// TokenHash is the SHA-256 of the token of a session or a link. The store keeps only the hash.
type TokenHash [sha256.Size]byte

// HashToken returns the hash of a token.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// Session is a signed-in browser.
type Session struct {
	Hash  TokenHash
	User  User
	Inbox Inbox // its Newest has only ID, Count and At
}

// OpenedBy is how a session was opened. The database stores it, so its text must never change.
type OpenedBy string

// The ways to open a session.
const (
	OpenedByPassword     OpenedBy = "password"
	OpenedByCode         OpenedBy = "code"     // the password, and a code of an authenticator app
	OpenedByRecoveryCode OpenedBy = "recovery" // the password, and a recovery code
	OpenedByPasskey      OpenedBy = "passkey"
	OpenedByRegistration OpenedBy = "registration"
	OpenedByProvider     OpenedBy = "provider" // of OpenID Connect
)

// CreateSession signs an account in by its password, and returns a token of 256 random bits for the
// browser's cookie. The argument browser is a token of NewBrowser that identifies the browser. If it
// is unknown and the account has known browsers, the user is notified. The kind is NotFound if the
// account was deleted, and Invalid if its password has changed since user was read. The error is
// ErrCodeNeeded if the account's second step is on: see BeginSignIn.
func (s *Store) CreateSession(ctx context.Context, user User, userAgent, browser string) (string, error) {
	return s.createSession(ctx, user, OpenedByPassword, userAgent, browser)
}

// CreateFirstSession is CreateSession for an account that has just registered.
func (s *Store) CreateFirstSession(ctx context.Context, user User, userAgent, browser string) (string, error) {
	return s.createSession(ctx, user, OpenedByRegistration, userAgent, browser)
}

func (s *Store) createSession(ctx context.Context, user User, by OpenedBy, userAgent, browser string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		needed, err := needsCode(ctx, tx, user.ID)
		if err == nil && needed {
			err = ErrCodeNeeded
		}
		if err != nil {
			return err
		}
		return s.openSession(ctx, tx, user.ID, by, HashToken(token), userAgent, browser)
	})
}

// openSession adds a session to an account in the transaction that verifies what allows it. The transaction
// must have locked the account.
func (s *Store) openSession(
	ctx context.Context, tx *database.Tx, person int64, by OpenedBy, hash TokenHash, userAgent, browser string,
) error {
	at, userAgent := now().UnixMilli(), database.ValidText(userAgent[:min(len(userAgent), 256)])
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sessions (token_hash, user_id, user_agent, opened_by, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		hash[:], person, userAgent, by, at)
	if err != nil {
		return err
	}
	if err := s.recordBrowser(ctx, tx, person, HashToken(browser), userAgent); err != nil {
		return err
	}
	return updateSeen(ctx, tx, person, at)
}

var sessionByToken = `SELECT ` + userColumns + `, s.used_at, ` + inboxColumns + `
	FROM sessions s, ` + usersInboxes + `
	WHERE s.user_id = u.id AND s.token_hash = $1 AND s.used_at > $2 AND s.created_at > $3`

// ErrSignedOut is the error for a session that has ended or expired, or that never was.
var ErrSignedOut = &Error{Kind: NotFound, Code: CodeSignedOut}

// SessionByToken returns the session with a token. It returns ErrSignedOut if there is none, or if
// it has ended or expired.
func (s *Store) SessionByToken(ctx context.Context, token string) (Session, error) {
	session := Session{Hash: HashToken(token)}
	at := now()
	var used int64
	var inbox inboxRow
	var err error
	session.User, err = scanUser(s.queryRow(ctx, sessionByToken, session.Hash[:],
		at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli()),
		append([]any{&used}, inbox.columns()...)...)
	session.Inbox = inbox.inbox()
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrSignedOut
	}
	if err != nil {
		return Session{}, err
	}
	s.recordUse(ctx, session.Hash, session.User.ID, used)
	return session, nil
}

// recordUse records that a session is used, unless its last recorded use is recent. The argument
// last is the time of that, in Unix milliseconds. Failing is no error, because readers must be able
// to read while the database cannot be written.
func (s *Store) recordUse(ctx context.Context, session TokenHash, user, last int64) {
	at := now()
	if at.Sub(time.UnixMilli(last)) <= sessionUseInterval {
		return
	}
	_ = s.InTx(ctx, func(tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE sessions SET used_at = $1 WHERE token_hash = $2`, at.UnixMilli(),
			session[:]); err != nil {
			return err
		}
		return updateSeen(ctx, tx, user, at.UnixMilli())
	})
}

// EndSession signs a browser out. It is no error if the session has ended already, or
// if ctx requires it.
func (s *Store) EndSession(ctx context.Context, hash TokenHash) error {
	return s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		return endSessions(ctx, tx, `token_hash = $1`, hash[:])
	})
}

// endSessions ends the sessions that match a condition. The condition is a constant of the program.
func endSessions(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error {
	if err := recordSessionsEnded(ctx, tx, condition, arguments...); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE `+condition, arguments...) //nolint:gosec // a constant
	return err
}

// recordSessionsEnded records that sessions end, for the servers that hold their sockets.
func recordSessionsEnded(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error {
	// With the lock, ids follow the order of commits. SiteEvents relies on this order.
	if err := lockSite(ctx, tx); err != nil {
		return err
	}
	note := fmt.Sprintf(`INSERT INTO site_events (token_hash, user_id, at) SELECT token_hash, 0, $%d FROM sessions WHERE %s`, len(arguments)+1, condition) //nolint:gosec // a constant
	_, err := tx.ExecContext(ctx, note, append(slices.Clone(arguments), now().UnixMilli())...)
	return err
}
