package store

import (
	"context"

	"plaza/store/database"
)

type sessionKey struct{}

// WithSession returns a context for what the user of a session does. Whatever is written with it is
// written only if the session has not ended: otherwise InTx and commit return ErrSignedOut. A
// session is read at the start of a request, and may end before the request writes.
func WithSession(ctx context.Context, session Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, &requiredSession{session.Hash, session.User.ID})
}

// withoutSession returns a context for work that no session is needed for, although a user's request
// starts it.
func withoutSession(ctx context.Context) context.Context {
	return context.WithValue(ctx, sessionKey{}, (*requiredSession)(nil))
}

// requiredSession is a session that must not have ended. Nil requires nothing.
type requiredSession struct {
	hash TokenHash
	user int64
}

// sessionOf returns the session that a context requires, or nil.
func sessionOf(ctx context.Context) *requiredSession {
	session, _ := ctx.Value(sessionKey{}).(*requiredSession)
	return session
}

// sessionLasts returns the condition that a session has not ended. The parameters are SQL expressions: its hash, its
// user, and the times after which it must have been used and created.
func sessionLasts(hash, user, used, created string) string {
	return `EXISTS (SELECT 1 FROM sessions s WHERE s.token_hash = ` + hash + ` AND s.user_id = ` + user +
		` AND s.used_at > ` + used + ` AND s.created_at > ` + created + `)`
}

// requiredLasts is sessionLasts with the parameters that arguments returns.
var requiredLasts = sessionLasts("$1", "$2", "$3", "$4")

// arguments returns the arguments of requiredLasts.
func (r *requiredSession) arguments() []any {
	at := now()
	return []any{r.hash[:], r.user, at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli()}
}

// check reads whether the session lasts, and returns ErrSignedOut if it does not.
func (r *requiredSession) check(queryRow func(query string, arguments ...any) database.Row) error {
	if r == nil {
		return nil
	}
	var lasts bool
	err := queryRow(`SELECT `+requiredLasts, r.arguments()...).Scan(&lasts)
	if err == nil && !lasts {
		err = ErrSignedOut
	}
	return err
}

// inTx makes fn check the session first.
func (r *requiredSession) inTx(ctx context.Context, fn func(tx *database.Tx) error) func(tx *database.Tx) error {
	if r == nil {
		return fn
	}
	return func(tx *database.Tx) error {
		err := r.check(func(query string, arguments ...any) database.Row {
			return tx.QueryRowContext(ctx, query, arguments...)
		})
		if err != nil {
			return err
		}
		return fn(tx)
	}
}

// statements returns statements that make a commit in a room fail if the session has ended: the
// room's version is then NULL, which a constraint forbids.
func (r *requiredSession) statements(room int64) []*database.Statement {
	if r == nil {
		return nil
	}
	return []*database.Statement{{
		Query:     `UPDATE rooms SET version = CASE WHEN ` + requiredLasts + ` THEN version END WHERE id = $5`,
		Arguments: append(r.arguments(), room),
	}}
}
