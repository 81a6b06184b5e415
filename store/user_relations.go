package store

import (
	"context"

	"plaza/store/database"
)

// Relations is whom a viewer's pages set off.
type Relations struct {
	Friends []string // the usernames of the latest friends, at most maxHighlighted
	Blocked []string
	Former  []string // the usernames that the viewer had lately
}

// maxHighlighted is how many friends are set off: their names are in each page's stylesheet.
const maxHighlighted = 1000

// Relations returns whom a viewer's pages set off.
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
		SELECT username, 2 FROM old_usernames WHERE user_id = $1 AND until > $3`, viewer.ID, maxHighlighted, now().UnixMilli())
	return relations, err
}
