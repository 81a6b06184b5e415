package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// befriend makes both users friends, and notifies the one who asked.
func (p pair) befriend() error {
	if _, err := p.run(`INSERT INTO friends (user_id, friend_id, since) VALUES ($1, $2, $3), ($2, $1, $3)`,
		now().UnixMilli()); err != nil {
		return err
	}
	if err := p.deleteRequestsBetween(); err != nil {
		return err
	}
	if err := p.all(bumpRelations); err != nil {
		return err
	}
	return p.notifyOther(RequestAccepted)
}

// RemoveFriend ends a friendship. The kind is NotFound if the users are not friends.
func (s *Store) RemoveFriend(ctx context.Context, viewer, other User) error {
	return s.between(ctx, viewer, other, func(p pair) error {
		n, err := p.run(deleteFriends)
		if err := requireRow(n, err, CodeNotFriends); err != nil {
			return err
		}
		if err := p.all(bumpRelations); err != nil {
			return err
		}
		return p.notifyOther(Unfriended)
	})
}

// Friends returns up to limit of a user's friends, by username, and whether there are more. It
// returns those whose usernames come after the given one.
func (s *Store) Friends(ctx context.Context, user User, after string, limit int) (friends []Person, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		friend, err := scanPerson(row)
		friends = append(friends, friend)
		return err
	}, `SELECT `+personColumns+` FROM friends f JOIN users u ON u.id = f.friend_id
		WHERE f.user_id = $1 AND u.username_key > $2 ORDER BY u.username_key LIMIT $3`, user.ID, usernameKey(after), limit+1)
	return friends[:min(limit, len(friends))], len(friends) > limit, err
}

// Friend is a friend as a user's own list shows them.
type Friend struct {
	Person
	SeenAt time.Time    // zero if there was no visit, or if it is hidden
	Closed ClosedReason // why the user may not write to the friend in private
}

// FriendList returns up to limit of a user's friends as Friends does, with what only the user may know of them.
func (s *Store) FriendList(ctx context.Context, user User, after string, limit int) (friends []Friend, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		var f Friend
		var seen int64
		var err error
		f.Person, err = scanPerson(row, &seen, &f.Closed)
		if seen != 0 {
			f.SeenAt = time.UnixMilli(seen)
		}
		friends = append(friends, f)
		return err
	}, `SELECT `+personColumns+`, CASE WHEN u.seen_hidden THEN 0 ELSE u.seen_at END, `+closedReasonFor("$1")+`
		FROM friends f JOIN users u ON u.id = f.friend_id CROSS JOIN (SELECT 'pair' AS kind) AS r
		WHERE f.user_id = $1 AND u.username_key > $2 ORDER BY u.username_key LIMIT $3`, user.ID, usernameKey(after), limit+1)
	return friends[:min(limit, len(friends))], len(friends) > limit, err
}

// FriendsInCommon returns up to limit of the friends that two users share, by username, and the number of all of
// them. A block ends a friendship, so nobody among them has blocked one of the two or is blocked by one.
func (s *Store) FriendsInCommon(ctx context.Context, one, other User, limit int) (shared []Person, count int, err error) {
	err = s.each(ctx, func(row database.Row) error {
		friend, err := scanPerson(row, &count)
		shared = append(shared, friend)
		return err
	}, `SELECT `+personColumns+`, count(*) OVER () FROM friends f
			JOIN friends g ON g.user_id = $2 AND g.friend_id = f.friend_id JOIN users u ON u.id = f.friend_id
		WHERE f.user_id = $1 ORDER BY u.username_key LIMIT $3`, one.ID, other.ID, limit)
	return shared, count, err
}

// CountFriends returns the number of a user's friends.
func (s *Store) CountFriends(ctx context.Context, user User) (int, error) {
	var n int
	err := s.queryRow(ctx, `SELECT count(*) FROM friends WHERE user_id = $1`, user.ID).Scan(&n)
	return n, err
}
