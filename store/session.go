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

// sessionsOf picks the sessions of an account.
const sessionsOf = `user_id = $1`

// othersOf picks the sessions of an account but for one.
const othersOf = `user_id = $1 AND token_hash <> $2`

// How long a session lasts without being used, and how long at most.
const (
	SessionIdleLifetime = 30 * 24 * time.Hour
	SessionLifetime     = 180 * 24 * time.Hour
)

// sessionUseInterval is how old a session's time of last use may get before it is written
// again: so that reading pages writes nothing.
const sessionUseInterval = time.Hour

// newToken returns 256 random bits, as text.
func newToken() (string, error) {
	random := make([]byte, 32)
	_, err := rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random), err
}

// TokenHash is the SHA-256 of a session's token, or of a link's: all that the store keeps of it.
type TokenHash [sha256.Size]byte

// HashToken returns the hash under which the session or link with this token is kept.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// Session is one signed-in browser.
type Session struct {
	Hash  TokenHash
	User  User
	Inbox Inbox // of whose newest notification there are the ID, Count and At only
}

// CreateSession signs an account in, and returns the token for the browser's cookie: 256
// random bits. Another token, of NewBrowser, is what the browser is known by: where others of the
// account's are known, and it is not, the person is told. NotFound where the account was deleted.
func (s *Store) CreateSession(ctx context.Context, userID int64, userAgent, browser string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	hash := HashToken(token)
	at, userAgent := now().UnixMilli(), database.ValidText(userAgent[:min(len(userAgent), 256)])
	return token, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, userID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO sessions (token_hash, user_id, user_agent, created_at, used_at) VALUES ($1, $2, $3, $4, $4)`,
			hash[:], userID, userAgent, at)
		if err != nil {
			return err
		}
		if err := s.recordBrowser(ctx, tx, userID, HashToken(browser), userAgent); err != nil {
			return err
		}
		return updateSeen(ctx, tx, userID, at)
	})
}

var sessionByToken = `SELECT ` + userColumns + `, s.used_at, ` + inboxColumns + `
	FROM sessions s, ` + usersInboxes + `
	WHERE s.user_id = u.id AND s.token_hash = $1 AND s.used_at > $2 AND s.created_at > $3`

// SessionByToken returns the live session with this token; NotFound where it never was,
// has ended or has expired.
func (s *Store) SessionByToken(ctx context.Context, token string) (Session, error) {
	session := Session{Hash: HashToken(token)}
	at := now()
	var used int64
	var inbox inboxRow
	var err error
	session.User, err = scanUser(s.queryRow(ctx, sessionByToken, session.Hash[:],
		at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli()), append([]any{&used}, inbox.columns()...)...)
	session.Inbox = inbox.inbox()
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, &Error{Kind: NotFound, Code: CodeSignedOut}
	}
	if err != nil {
		return Session{}, err
	}
	if at.Sub(time.UnixMilli(used)) > sessionUseInterval {
		// A database that cannot be written must not stop people from reading.
		_ = s.InTx(ctx, func(tx *database.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE sessions SET used_at = $1 WHERE token_hash = $2`, at.UnixMilli(), session.Hash[:]); err != nil {
				return err
			}
			return updateSeen(ctx, tx, session.User.ID, at.UnixMilli())
		})
	}
	return session, nil
}

// EndSession signs one browser out. It is no error where the session has ended already.
func (s *Store) EndSession(ctx context.Context, hash TokenHash) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		return endSessions(ctx, tx, `token_hash = $1`, hash[:])
	})
}

// endSessions ends the sessions that a condition on its arguments picks. The condition is a constant
// of ours.
func endSessions(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error {
	if err := recordSessionsEnded(ctx, tx, condition, arguments...); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE `+condition, arguments...) //nolint:gosec // a constant
	return err
}

// recordSessionsEnded notes that sessions end, for the servers that hold their sockets.
func recordSessionsEnded(ctx context.Context, tx *database.Tx, condition string, arguments ...any) error {
	// Ids are then given in the order of commits, as those who look for new ones expect.
	if err := lockSite(ctx, tx); err != nil {
		return err
	}
	note := fmt.Sprintf(`INSERT INTO site_events (token_hash, user_id, at) SELECT token_hash, 0, $%d FROM sessions WHERE %s`, len(arguments)+1, condition) //nolint:gosec // a constant
	_, err := tx.ExecContext(ctx, note, append(slices.Clone(arguments), now().UnixMilli())...)
	return err
}
