package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// SignedIn is a session as the list of sessions shows it.
type SignedIn struct {
	Hash      TokenHash
	UserAgent string
	OpenedBy  OpenedBy
	Since     time.Time
	UsedAt    time.Time // to within an hour
}

// Sessions returns up to 100 sessions of an account, latest used first.
func (s *Store) Sessions(ctx context.Context, user User) ([]SignedIn, error) {
	var found []SignedIn
	at := now()
	err := s.each(ctx, func(row database.Row) error {
		var hash []byte
		var one SignedIn
		var since, used int64
		if err := row.Scan(&hash, &one.UserAgent, &one.OpenedBy, &since, &used); err != nil {
			return err
		}
		one.Hash, one.Since, one.UsedAt = TokenHash(hash), time.UnixMilli(since), time.UnixMilli(used)
		found = append(found, one)
		return nil
	}, `SELECT token_hash, user_agent, opened_by, created_at, used_at FROM sessions
		WHERE user_id = $1 AND used_at > $2 AND created_at > $3 ORDER BY used_at DESC, created_at DESC LIMIT 100`,
		user.ID, at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli())
	return found, err
}

// RevokeSession ends a session of an account. It is no error if it has ended already. The kind is NotFound if the
// session is another account's.
func (s *Store) RevokeSession(ctx context.Context, user User, hash TokenHash) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // so that nobody else ends it meanwhile
			return err
		}
		var owner int64
		err := tx.QueryRowContext(ctx, `SELECT user_id FROM sessions WHERE token_hash = $1`, hash[:]).Scan(&owner)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		case owner != user.ID:
			return &Error{Kind: NotFound, Code: CodeSessionEnded}
		}
		return endSessions(ctx, tx, `token_hash = $1`, hash[:])
	})
}

// RevokeOtherSessions ends all sessions of an account except the given one, and all that its password
// has begun, such as half-finished sign-ins.
func (s *Store) RevokeOtherSessions(ctx context.Context, session Session) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // before the account's row: endSessions needs it
			return err
		}
		// A sign-in that finishes at the same time comes either before, or finds that it has ended.
		if err := lockUsers(ctx, tx, session.User.ID); err != nil {
			return err
		}
		if err := endUnfinished(ctx, tx, session.User.ID); err != nil {
			return err
		}
		return endSessions(ctx, tx, othersOf, session.User.ID, session.Hash[:])
	})
}
