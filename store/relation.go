package store

import (
	"context"

	"plaza/store/database"
)

// Relation is the relation of a user to a viewer, as far as the viewer may know it.
type Relation struct {
	Self     bool
	Friends  bool
	Sent     bool         // the viewer's request waits for an answer
	Declined bool         // the viewer's request was declined, and the viewer may not ask again yet
	Received bool         // the other user's request waits for an answer
	Blocked  bool         // the viewer has blocked the other user
	Closed   ClosedReason // why the viewer may not write to the other user in private
}

// RelationTo returns the relation of other to the viewer.
func (s *Store) RelationTo(ctx context.Context, viewer, other User) (Relation, error) {
	r := Relation{Self: viewer.ID == other.ID}
	err := s.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM friends WHERE user_id = $1 AND friend_id = $2),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at = 0),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at > $3),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $2 AND to_id = $1 AND declined_at = 0),
		       EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2),
		       `+closedReasonFor("$1")+`
		FROM (SELECT 'pair' AS kind) AS r, users u WHERE u.id = $2`,
		viewer.ID, other.ID, now().Add(-AskAgain).UnixMilli(),
	).Scan(&r.Friends, &r.Sent, &r.Declined, &r.Received, &r.Blocked, &r.Closed)
	r.Received = r.Received && !r.Blocked
	return r, err
}

// between runs fn in a transaction that changes the relation of two users. Such transactions run
// one after the other, so the result is right even if both users act at once. The kind is NotFound
// if an account was deleted.
func (s *Store) between(ctx context.Context, one, other User, fn func(p pair) error) error {
	if one.ID == other.ID {
		return &Error{Kind: Invalid, Code: CodeYourself}
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		p := pair{s, ctx, tx, one, other}
		before, err := p.lockRoom()
		if err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, one.ID, other.ID); err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
		if err := p.bumpRoomState(before); err != nil {
			return err
		}
		return s.recordInboxChanged(ctx, tx, one.ID, other.ID)
	})
}

// pair is two users in a transaction. The first one acts.
type pair struct {
	store      *Store
	ctx        context.Context
	tx         *database.Tx
	one, other User
}

// run runs a statement with both users' ids as $1 and $2, and returns the number of changed rows.
func (p pair) run(statement string, more ...any) (int64, error) {
	result, err := p.tx.ExecContext(p.ctx, statement, append([]any{p.one.ID, p.other.ID}, more...)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// all runs statements one after the other.
func (p pair) all(statements ...string) error {
	for _, statement := range statements {
		if _, err := p.run(statement); err != nil {
			return err
		}
	}
	return nil
}

// notifyOther notifies the second user of what the first one does.
func (p pair) notifyOther(kind NotificationKind) error {
	n := newNotification{recipient: p.other.ID, kind: kind, likeID: p.one.ID, actor: p.one.ID}
	if kind == FriendRequest { // otherwise many requests would fill the other user's list
		n.likeID = 0
	}
	return p.store.notify(p.ctx, p.tx, n)
}

const (
	deleteRequests = `DELETE FROM friend_requests WHERE (from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)`
	deleteFriends  = `DELETE FROM friends WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1)`
	bumpRelations  = `UPDATE users SET relations_version = relations_version + 1 WHERE id IN ($1, $2)`
)

// requireRow returns a NotFound error if a statement changed no row.
func requireRow(rows int64, err error, code Code) error {
	if err == nil && rows == 0 {
		return &Error{Kind: NotFound, Code: code}
	}
	return err
}
