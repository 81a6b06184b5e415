package store

import (
	"context"
	"database/sql"
	"time"
)

const (
	// concernedLately is how old the changes are that InboxChanges returns: longer than it takes from
	// a statement to its commit, because what is not committed cannot be returned yet.
	concernedLately = 5_000 // milliseconds
	// concernsKept is how long it is noted.
	concernsKept = time.Minute
)

// concern notes in the transaction that other servers are to look at what waits for people. Where
// there are no other servers, it notes nothing: whoever caused it knows.
func (s *Store) concern(ctx context.Context, tx *sql.Tx, people ...int64) error {
	if !s.IsShared() || len(people) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO concerns (user_id, at) SELECT unnest($1::bigint[]), `+nowOnServer, people)
	return err
}

// InboxChanges returns the changes of inboxes in the last few seconds, by any server: the id of each,
// and whose inbox it is. It returns a change again as long as it is that recent.
func (s *Store) InboxChanges(ctx context.Context) (map[int64]int64, error) {
	changes := map[int64]int64{}
	return changes, s.each(ctx, func(row scanner) error {
		var id, person int64
		err := row.Scan(&id, &person)
		changes[id] = person
		return err
	}, `SELECT id, user_id FROM concerns WHERE at > `+nowOnServer+` - $1`, concernedLately)
}

// ExpireConcerns forgets what concerned people long ago. It writes nothing where there is nothing.
func (s *Store) ExpireConcerns(ctx context.Context) error {
	_, err := s.expire(ctx, `concerns WHERE at < $1`, now().Add(-concernsKept))
	return err
}
