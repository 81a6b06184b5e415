package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// SiteEvents is what happened that each server has to act upon.
type SiteEvents struct {
	Ended   []TokenHash // sessions whose sockets are to close
	Changed []Person    // who is called differently, looks different, or is gone, as they are now
	Mark    int64       // where to go on from
}

// siteEventLifetime is how long events are kept for servers, which look twice a second.
const siteEventLifetime = time.Hour

// SiteEvents returns what happened after a mark. The first mark is 0: all that is still noted.
func (s *Store) SiteEvents(ctx context.Context, after int64) (SiteEvents, error) {
	events := SiteEvents{Mark: after}
	changed := false
	err := s.each(ctx, func(row database.Row) error {
		var hash []byte
		var person int64
		if err := row.Scan(&events.Mark, &hash, &person); err != nil {
			return err
		}
		if person != 0 {
			changed = true
			return nil
		}
		events.Ended = append(events.Ended, TokenHash(hash))
		return nil
	}, `SELECT id, token_hash, user_id FROM site_events WHERE id > $1 ORDER BY id`, after)
	if err != nil || !changed {
		return events, err
	}
	return events, s.each(ctx, func(row database.Row) error {
		user, err := scanPerson(row)
		events.Changed = append(events.Changed, user)
		return err
	}, `SELECT `+personColumns+` FROM users u WHERE u.id IN (SELECT user_id FROM site_events WHERE id > $1 AND id <= $2)`, after, events.Mark)
}

// recordUserChanged tells all servers that somebody is called differently, looks different, or is gone.
// The transaction must have called lockSite.
func recordUserChanged(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, $2, $3)`, []byte{}, person, now().UnixMilli())
	return err
}
