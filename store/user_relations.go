package store

import (
	"context"

	"plaza/store/database"
)

// Relations lists the usernames that a viewer's pages highlight or hide.
type Relations struct {
	Friends []string // the latest friends, at most maxHighlighted
	Blocked []string
	Former  []string // the viewer's former usernames that are still reserved
}

// maxHighlighted is the maximum number of highlighted friends. Each page's stylesheet contains
// their names.
const maxHighlighted = 1000

// Relations returns a viewer's relations.
func (s *Store) Relations(ctx context.Context, viewer User) (Relations, error) {
	var relations Relations
	lists := []*[]string{&relations.Friends, &relations.Blocked, &relations.Former}
	err := s.each(ctx, func(row database.Row) error {
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
		SELECT username, 2 FROM old_usernames WHERE user_id = $1 AND until > $3`, viewer.ID, maxHighlighted,
		now().UnixMilli())
	return relations, err
}
