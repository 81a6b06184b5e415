package store

import (
	"context"
	"time"

	"plaza/store/database"
)

const (
	// recentInboxChange is how far back InboxChanges looks. It is longer than a statement waits for its
	// commit, since nobody sees what is not committed.
	recentInboxChange = 5_000 // milliseconds
	// inboxChangeLifetime is how long a change of an inbox is kept for the other servers.
	inboxChangeLifetime = time.Minute
)

// recordInboxChanged has other servers look at the inboxes of people once the transaction is committed. It
// writes nothing if there are no other servers: the one that caused the change knows.
func (s *Store) recordInboxChanged(ctx context.Context, tx *database.Tx, people ...int64) error {
	if !s.IsShared() || len(people) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO inbox_changes (user_id, at) SELECT unnest($1::bigint[]), `+nowOnServer, people)
	return err
}

// InboxChanges returns the changes of inboxes in the last few seconds, by any server: the id of each,
// and whose inbox it is. It returns a change again as long as it is that recent.
func (s *Store) InboxChanges(ctx context.Context) (map[int64]int64, error) {
	changes := map[int64]int64{}
	return changes, s.each(ctx, func(row database.Row) error {
		var id, user int64
		err := row.Scan(&id, &user)
		changes[id] = user
		return err
	}, `SELECT id, user_id FROM inbox_changes WHERE at > `+nowOnServer+` - $1`, recentInboxChange)
}
