package store

import (
	"context"
	"time"

	"plaza/store/database"
)

const (
	// recentInboxChange is how long ago something concerned people of whom Concerned tells: longer than
	// it takes from a statement to its commit, since what is not committed cannot be told yet.
	recentInboxChange = 5_000 // milliseconds
	// inboxChangeLifetime is how long it is noted.
	inboxChangeLifetime = time.Minute
)

// concern notes in the transaction that other servers are to look at what waits for people. Where
// there are no other servers, it notes nothing: whoever caused it knows.
func (s *Store) noteInboxChanged(ctx context.Context, tx *database.Tx, people ...int64) error {
	if !s.IsShared() || len(people) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO inbox_changes (user_id, at) SELECT unnest($1::bigint[]), `+nowOnServer, people)
	return err
}

// InboxesChanged returns the people for whom something else waits than a few seconds ago, by whatever
// server, and whether or not that was told before.
func (s *Store) InboxesChanged(ctx context.Context) ([]int64, error) {
	var people []int64
	return people, s.each(ctx, func(row database.Row) error {
		var person int64
		err := row.Scan(&person)
		people = append(people, person)
		return err
	}, `SELECT DISTINCT user_id FROM inbox_changes WHERE at > `+nowOnServer+` - $1 ORDER BY user_id`, recentInboxChange)
}
