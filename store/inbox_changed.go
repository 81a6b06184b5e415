package store

import (
	"context"
	"time"

	"plaza/store/database"
)

const (
	// recentInboxChange is the age up to which InboxChanges returns a change. It is longer than a
	// transaction waits for its commit, because InboxChanges does not see a change before the
	// commit.
	recentInboxChange = 5_000 // milliseconds
	// inboxChangeLifetime is how long inbox changes are kept for the other servers.
	inboxChangeLifetime = time.Minute
)

// recordInboxChanged records that the inboxes of users changed, for the other servers. It writes
// nothing if the site has one server: the server that makes the change knows it.
func (s *Store) recordInboxChanged(ctx context.Context, tx *database.Tx, people ...int64) error {
	if !s.IsShared() || len(people) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO inbox_changes (user_id, at)
		SELECT unnest($1::bigint[]), `+nowOnServer, people)
	return err
}

// InboxChanges returns the inbox changes of the last few seconds, by any server, as a map from the
// id of the change to the user. It returns a change again as long as the change is that recent.
func (s *Store) InboxChanges(ctx context.Context) (map[int64]int64, error) {
	changes := map[int64]int64{}
	err := s.each(ctx, func(row database.Row) error {
		var id, user int64
		err := row.Scan(&id, &user)
		changes[id] = user
		return err
	}, `SELECT id, user_id FROM inbox_changes WHERE at > `+nowOnServer+` - $1`, recentInboxChange)
	return changes, err
}
