package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// AskAgain is how long after a request was declined the same person may ask again.
const AskAgain = 24 * time.Hour

// Relation is what somebody is to a viewer, as the viewer may know it.
type Relation struct {
	Self     bool
	Friends  bool
	Sent     bool // the viewer asked, and waits for an answer
	Declined bool // the viewer asked, was declined, and may not ask again yet
	Received bool // the other asked, and the viewer has not answered
	Blocked  bool // the viewer blocked the other
}

// RelationTo returns what other is to the viewer.
func (s *Store) RelationTo(ctx context.Context, viewer, other User) (Relation, error) {
	r := Relation{Self: viewer.ID == other.ID}
	err := s.lookUp(ctx, `
		SELECT EXISTS (SELECT 1 FROM friends WHERE user_id = $1 AND friend_id = $2),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at = 0),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at > $3),
		       EXISTS (SELECT 1 FROM friend_requests WHERE from_id = $2 AND to_id = $1 AND declined_at = 0),
		       EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)`,
		viewer.ID, other.ID, now().Add(-AskAgain).UnixMilli(),
	).Scan(&r.Friends, &r.Sent, &r.Declined, &r.Received, &r.Blocked)
	r.Received = r.Received && !r.Blocked
	return r, err
}

// between runs fn on what two people are to each other: in one transaction, and one at a time, so
// that all is right also where both act at the same moment. NotFound where an account was deleted.
func (s *Store) between(ctx context.Context, one, other User, fn func(p pair) error) error {
	if one.ID == other.ID {
		return &Error{Kind: Invalid, Message: "That is you."}
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		p := pair{s, ctx, tx, one, other}
		before, err := p.lockRoom()
		if err != nil {
			return err
		}
		if err := mustLive(ctx, tx, one.ID, other.ID); err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
		if err := p.touchRoom(before); err != nil {
			return err
		}
		return s.concern(ctx, tx, one.ID, other.ID)
	})
}

// pair is two people in a transaction, of whom the first acts.
type pair struct {
	store      *Store
	ctx        context.Context
	tx         *sql.Tx
	one, other User
}

// run carries out a statement on both people's ids, $1 and $2, and returns how many rows it was.
func (p pair) run(statement string, more ...any) (int64, error) {
	result, err := p.tx.ExecContext(p.ctx, statement, append([]any{p.one.ID, p.other.ID}, more...)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// all carries out statements one after the other.
func (p pair) all(statements ...string) error {
	for _, statement := range statements {
		if _, err := p.run(statement); err != nil {
			return err
		}
	}
	return nil
}

// tell tells the other what the first one does.
func (p pair) tell(kind NotificationKind) error {
	n := notice{person: p.other.ID, kind: kind, like: p.one.ID, actor: p.one.ID}
	if kind == FriendRequest { // or many who ask would fill the other's list
		n.like = 0
	}
	return p.store.notify(p.ctx, p.tx, n)
}

// forgetRequests ends what one asked the other.
func (p pair) forgetRequests() error {
	if err := p.all(deleteRequests); err != nil {
		return err
	}
	return countRequests(p.ctx, p.tx, p.one.ID, p.other.ID)
}

const (
	deleteRequests = `DELETE FROM friend_requests WHERE (from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1)`
	forgetFriends  = `DELETE FROM friends WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1)`
	noteCircles    = `UPDATE users SET circle = circle + 1 WHERE id IN ($1, $2)`
)

// befriend makes friends of both, as the other asked.
func (p pair) befriend() error {
	if _, err := p.run(`INSERT INTO friends (user_id, friend_id, since) VALUES ($1, $2, $3), ($2, $1, $3)`, now().UnixMilli()); err != nil {
		return err
	}
	if err := p.forgetRequests(); err != nil {
		return err
	}
	if err := p.all(noteCircles); err != nil {
		return err
	}
	return p.tell(RequestAccepted)
}

// RequestFriend asks other for friendship. Where they have asked already, both are friends.
// Nothing happens where both are, or where it was asked before. Invalid where one asks oneself,
// somebody whom one has blocked, or somebody who declined less than AskAgain ago. Whoever is
// blocked by the other is told nothing of it, and waits.
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
			return &Error{Kind: Invalid, Message: fmt.Sprintf("You have blocked %s. Unblock them first.", other.Name())}
		case friends, declined.Valid && declined.Int64 == 0:
			return nil
		case asked:
			return p.befriend()
		case declined.Valid && now().Sub(time.UnixMilli(declined.Int64)) < AskAgain:
			return &Error{Kind: Invalid, Message: fmt.Sprintf("%s declined. You can ask again a day later.", other.Name())}
		}
		// A request of theirs that was declined is answered by this one.
		if err := p.forgetRequests(); err != nil {
			return err
		}
		if _, err := p.run(`INSERT INTO friend_requests (from_id, to_id, asked_at) VALUES ($1, $2, $3)`, now().UnixMilli()); err != nil {
			return err
		}
		return p.tell(FriendRequest)
	})
}

// CancelRequest takes a request back; NotFound where none waits for an answer.
func (s *Store) CancelRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`DELETE FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND declined_at = 0`)
		if err := orNone(n, err, "This request was answered already."); err != nil {
			return err
		}
		return countRequests(p.ctx, p.tx, other.ID)
	})
}

// AcceptRequest makes friends of a viewer and who asked them; NotFound where nobody asked.
func (s *Store) AcceptRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`DELETE FROM friend_requests WHERE from_id = $2 AND to_id = $1 AND declined_at = 0
			AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)`)
		if err := orNone(n, err, noRequest); err != nil {
			return err
		}
		return p.befriend()
	})
}

// DeclineRequest answers a request with no; NotFound where nobody asked.
func (s *Store) DeclineRequest(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(`UPDATE friend_requests SET declined_at = $3 WHERE from_id = $2 AND to_id = $1 AND declined_at = 0
			AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocker_id = $1 AND blocked_id = $2)`, now().UnixMilli())
		if err := orNone(n, err, noRequest); err != nil {
			return err
		}
		if err := countRequests(p.ctx, p.tx, viewer.ID); err != nil {
			return err
		}
		return p.tell(RequestDeclined)
	})
}

const noRequest = "There is no such request any more: it was taken back, or answered."

// RemoveFriend ends a friendship; NotFound where there is none.
func (s *Store) RemoveFriend(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(forgetFriends)
		if err := orNone(n, err, "You are not friends."); err != nil {
			return err
		}
		if err := p.all(noteCircles); err != nil {
			return err
		}
		return p.tell(Unfriended)
	})
}

// orNone returns a NotFound error where a statement found no row.
func orNone(rows int64, err error, sentence string) error {
	if err == nil && rows == 0 {
		return &Error{Kind: NotFound, Message: sentence}
	}
	return err
}

// maxBlocks is how many people one may block: their names are in each page's stylesheet.
const maxBlocks = 1000

// Block ends what there was between two people, and has the viewer see no more of the other, who
// is not told. It is no error to block somebody twice.
func (s *Store) Block(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		var blocked int
		if err := p.tx.QueryRowContext(ctx, `SELECT count(*) FROM blocks WHERE blocker_id = $1`, viewer.ID).Scan(&blocked); err != nil {
			return err
		}
		if blocked >= maxBlocks {
			return &Error{Kind: Invalid, Message: "You have blocked a thousand people, which is the most."}
		}
		if _, err := p.run(`INSERT INTO blocks (blocker_id, blocked_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, now().UnixMilli()); err != nil {
			return err
		}
		friends, err := p.run(forgetFriends)
		if err != nil {
			return err
		}
		if friends > 0 { // or whoever is not told, and is a friend no more, knows that it is a block
			if err := p.tell(Unfriended); err != nil {
				return err
			}
		}
		if err := p.forgetRequests(); err != nil {
			return err
		}
		return p.all(`DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2`, noteCircles)
	})
}

// Unblock takes a block back. It is no error where there is none.
func (s *Store) Unblock(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		return p.all(`DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2`, noteCircles)
	})
}

// Friends returns somebody's friends whose usernames come after one, in the order of these, at
// most limit, and whether there are more.
func (s *Store) Friends(ctx context.Context, user User, after string, limit int) (friends []User, more bool, err error) {
	err = s.each(ctx, func(row scanner) error {
		friend, err := scanUser(row)
		friends = append(friends, friend)
		return err
	}, `SELECT `+userColumns+` FROM friends f JOIN users u ON u.id = f.friend_id
		WHERE f.user_id = $1 AND u.username_key > $2 ORDER BY u.username_key LIMIT $3`, user.ID, usernameKey(after), limit+1)
	return friends[:min(limit, len(friends))], len(friends) > limit, err
}

// CountFriends returns how many friends somebody has.
func (s *Store) CountFriends(ctx context.Context, user User) (int, error) {
	var n int
	err := s.lookUp(ctx, `SELECT count(*) FROM friends WHERE user_id = $1`, user.ID).Scan(&n)
	return n, err
}

// Requests are those that wait for an answer, the newest first.
type Requests struct{ Received, Sent []User }

// maxRequests is how many of each kind are listed at a time: when these are answered, others come.
const maxRequests = 100

// Requests returns the requests that concern somebody.
func (s *Store) Requests(ctx context.Context, user User) (Requests, error) {
	var found Requests
	err := s.each(ctx, func(row scanner) error {
		var sent bool
		other, err := scanUser(row, &sent)
		if sent {
			found.Sent = append(found.Sent, other)
		} else {
			found.Received = append(found.Received, other)
		}
		return err
	}, `SELECT * FROM (SELECT `+userColumns+`, FALSE FROM friend_requests r JOIN users u ON u.id = r.from_id
			WHERE r.to_id = $1 AND `+waits+` ORDER BY r.asked_at DESC LIMIT $2) AS received
		UNION ALL
		SELECT * FROM (SELECT `+userColumns+`, TRUE FROM friend_requests r JOIN users u ON u.id = r.to_id
			WHERE r.from_id = $1 AND r.declined_at = 0 ORDER BY r.asked_at DESC LIMIT $2) AS sent`, user.ID, maxRequests)
	return found, err
}

// waits is whether the receiver of a request r sees it: one from somebody blocked never does.
const waits = `r.declined_at = 0 AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = r.to_id AND b.blocked_id = r.from_id)`

// Circle is whom a viewer's pages set off.
type Circle struct {
	Friends []string // the usernames of the latest friends, at most maxMarked
	Blocked []string
	Former  []string // the usernames that the viewer had lately
}

// maxMarked is how many friends are set off: their names are in each page's stylesheet.
const maxMarked = 1000

// Circle returns whom a viewer's pages set off.
func (s *Store) Circle(ctx context.Context, viewer User) (Circle, error) {
	var circle Circle
	lists := []*[]string{&circle.Friends, &circle.Blocked, &circle.Former}
	err := s.each(ctx, func(row scanner) error {
		var name string
		var list int
		if err := row.Scan(&name, &list); err != nil {
			return err
		}
		*lists[list] = append(*lists[list], name)
		return nil
	}, `SELECT * FROM (SELECT u.username, 0 FROM friends f JOIN users u ON u.id = f.friend_id
			WHERE f.user_id = $1 ORDER BY f.since DESC LIMIT $2) AS friendly
		UNION ALL
		SELECT u.username, 1 FROM blocks b JOIN users u ON u.id = b.blocked_id WHERE b.blocker_id = $1
		UNION ALL
		SELECT username, 2 FROM old_usernames WHERE user_id = $1 AND until > $3`, viewer.ID, maxMarked, now().UnixMilli())
	return circle, err
}
