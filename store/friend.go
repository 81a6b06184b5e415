package store

import (
	"context"

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

// CountFriends returns the number of a user's friends.
func (s *Store) CountFriends(ctx context.Context, user User) (int, error) {
	var n int
	err := s.queryRow(ctx, `SELECT count(*) FROM friends WHERE user_id = $1`, user.ID).Scan(&n)
	return n, err
}
