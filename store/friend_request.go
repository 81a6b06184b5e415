package store

import (
	"context"
	"database/sql"
	"time"

	"plaza/store/database"
)

// AskAgain is how long after a declined request the same user may ask again.
const AskAgain = 24 * time.Hour

// deleteRequestsBetween deletes the requests of both users to each other.
func (p pair) deleteRequestsBetween() error {
	if err := p.all(deleteRequests); err != nil {
		return err
	}
	return countRequests(p.ctx, p.tx, p.one.ID, p.other.ID)
}

// RequestFriend asks other for friendship. If other has asked already, both become friends. Nothing
// happens if both are friends or the viewer has asked already. The kind is Invalid if other is the
// viewer, if the viewer has blocked other, or if other declined less than AskAgain ago. If other
// has blocked the viewer, other does not see the request, and the viewer does not learn of the
// block.
func (s *Store) RequestFriend(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		var blocked, friends, asked bool
		var declined sql.NullInt64
		err := p.tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2),
			       EXISTS (SELECT 1 FROM friends WHERE user_id = $1 AND friend_id = $2),
			       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $2 AND to_id = $1 AND declined_at = 0),
			       (SELECT declined_at FROM friend_requests WHERE from_id = $1 AND to_id = $2)`, viewer.ID, other.ID,
		).Scan(&blocked, &friends, &asked, &declined)
		switch {
		case err != nil:
			return err
		case blocked:
			return &Error{Kind: Invalid, Code: CodeBlocked, Args: Args{Name: other.Name()}}
		case friends, declined.Valid && declined.Int64 == 0:
			return nil
		case asked:
			return p.befriend()
		case declined.Valid && now().Sub(time.UnixMilli(declined.Int64)) < AskAgain:
			return &Error{Kind: Invalid, Code: CodeRequestDeclined, Args: Args{Name: other.Name()}}
		}
		// This request replaces a declined one of the other user.
		if err := p.deleteRequestsBetween(); err != nil {
			return err
		}
		if _, err := p.run(`INSERT INTO friend_requests (from_id, to_id, asked_at) VALUES ($1, $2, $3)`,
			now().UnixMilli()); err != nil {
			return err
		}
		return p.notifyOther(FriendRequest)
	})
}

// CancelRequest takes a request back. The kind is NotFound if no request waits for an answer.
func (s *Store) CancelRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`DELETE FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at = 0`)
		if err := requireRow(n, err, CodeRequestAnswered); err != nil {
			return err
		}
		return countRequests(p.ctx, p.tx, other.ID)
	})
}

// AcceptRequest makes a viewer and the user who asked friends. The kind is NotFound if there is no
// request.
func (s *Store) AcceptRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`DELETE FROM friend_requests WHERE from_id = $2 AND to_id = $1 AND declined_at = 0
			AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)`)
		if err := requireRow(n, err, CodeRequestGone); err != nil {
			return err
		}
		return p.befriend()
	})
}

// DeclineRequest declines a request. The kind is NotFound if there is none.
func (s *Store) DeclineRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`UPDATE friend_requests SET declined_at = $3 WHERE from_id = $2 AND to_id = $1 AND declined_at = 0
			AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)`, now().UnixMilli())
		if err := requireRow(n, err, CodeRequestGone); err != nil {
			return err
		}
		if err := countRequests(p.ctx, p.tx, viewer.ID); err != nil {
			return err
		}
		return p.notifyOther(RequestDeclined)
	})
}

// Requests are a user's requests that wait for an answer, newest first.
type Requests struct{ Received, Sent []Person }

// maxRequests is the maximum number of listed requests, received and sent. When some are answered,
// others take their place.
const maxRequests = 100

// Requests returns the requests to a user and by a user.
func (s *Store) Requests(ctx context.Context, user User) (Requests, error) {
	var found Requests
	err := s.each(ctx, func(row database.Row) error {
		var sent bool
		other, err := scanPerson(row, &sent)
		if sent {
			found.Sent = append(found.Sent, other)
		} else {
			found.Received = append(found.Received, other)
		}
		return err
	}, `SELECT * FROM (SELECT `+personColumns+`, FALSE FROM friend_requests r JOIN users u ON u.id = r.from_id
			WHERE r.to_id = $1 AND `+pendingRequest+` ORDER BY r.asked_at DESC LIMIT $2) AS received
		UNION ALL
		SELECT * FROM (SELECT `+personColumns+`, TRUE FROM friend_requests r JOIN users u ON u.id = r.to_id
			WHERE r.from_id = $1 AND r.declined_at = 0 ORDER BY r.asked_at DESC LIMIT $2) AS sent`, user.ID, maxRequests)
	return found, err
}

// Request is a user's request to another for friendship.
type Request struct {
	From Person
	At   time.Time
}

// ReceivedRequests returns the requests to a user that wait for an answer, newest first, with their times.
func (s *Store) ReceivedRequests(ctx context.Context, user User) (found []Request, err error) {
	err = s.each(ctx, func(row database.Row) error {
		var asked int64
		from, err := scanPerson(row, &asked)
		found = append(found, Request{From: from, At: time.UnixMilli(asked).UTC()})
		return err
	}, `SELECT `+personColumns+`, r.asked_at FROM friend_requests r JOIN users u ON u.id = r.from_id
		WHERE r.to_id = $1 AND `+pendingRequest+` ORDER BY r.asked_at DESC LIMIT $2`, user.ID, maxRequests)
	return found, err
}

// pendingRequest is the condition that the receiver of a request r sees it as waiting. A request by
// a blocked user is never seen.
const pendingRequest = `r.declined_at = 0 AND NOT EXISTS (SELECT 1 FROM blocks b
	WHERE b.blocker_id = r.to_id AND b.blocked_id = r.from_id)`

// countRequests updates the unread notifications of requests to the number of requests that still
// wait and came since the recipient last read such a notification.
func countRequests(ctx context.Context, tx *database.Tx, people ...int64) error {
	const since = `FROM friend_requests r
		WHERE r.to_id = $1 AND ` + pendingRequest + ` AND r.asked_at > coalesce((SELECT max(o.read_at)
		FROM notifications o WHERE o.user_id = $1 AND o.kind = 'request'), 0)`
	for _, person := range people {
		for _, statement := range []string{
			`UPDATE notifications SET count = (SELECT count(*) ` + since + `),
				actor_id = coalesce((SELECT r.from_id ` + since + ` ORDER BY r.asked_at DESC LIMIT 1), 0)
			WHERE user_id = $1 AND kind = 'request' AND read_at = 0`,
			`DELETE FROM notifications WHERE user_id = $1 AND kind = 'request' AND read_at = 0 AND count = 0`,
		} {
			if _, err := tx.ExecContext(ctx, statement, person); err != nil {
				return err
			}
		}
	}
	return nil
}
