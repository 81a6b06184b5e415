package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// SiteEvents are events that every server must act on.
type SiteEvents struct {
	Ended   []TokenHash // sessions whose sockets the server must close
	Changed []Visitor   // users with a changed profile, and deleted users, in their current state
	Site    bool        // what an owner has chosen for the site may have changed
	Mark    int64       // the mark for the next call of SiteEvents
}

// siteEventLifetime is how long events are kept. Servers read them twice a second.
const siteEventLifetime = time.Hour

// SiteEvents returns the events after a mark. Mark 0 returns all events that are kept, and so does a
// mark ahead of them: the database has lost commits, and gives their ids to other events.
func (s *Store) SiteEvents(ctx context.Context, after int64) (SiteEvents, error) {
	events := SiteEvents{Mark: after}
	changed := false
	err := s.each(ctx, func(row database.Row) error {
		var hash []byte
		var person int64
		if err := row.Scan(&events.Mark, &hash, &person); err != nil {
			return err
		}
		if events.Mark <= after { // the lost commits may have changed the site back
			after, events.Site = events.Mark-1, true
		}
		if len(hash) == 0 && person == 0 {
			events.Site = true
			return nil
		}
		if person != 0 {
			changed = true
			return nil
		}
		events.Ended = append(events.Ended, TokenHash(hash))
		return nil
	}, `SELECT id, token_hash, user_id FROM site_events
		WHERE id > $1 OR $1 > (SELECT max(id) FROM site_events) ORDER BY id`, after)
	if err != nil || !changed {
		return events, err
	}
	events.Changed, err = s.visitors(ctx, `SELECT `+personColumns+`, u.seen_hidden FROM users u
		WHERE u.id IN (SELECT user_id FROM site_events WHERE id > $1 AND id <= $2)`, after, events.Mark)
	return events, err
}

// recordUserChanged records an event for all servers: the user has a changed name, picture or wish to be
// hidden, or is deleted. The transaction must have called lockSite.
func recordUserChanged(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, $2, $3)`, []byte{},
		person, now().UnixMilli())
	return err
}

// recordSiteChanged records an event for all servers: what an owner has chosen for the site has changed. The
// transaction must have called lockSite.
func recordSiteChanged(ctx context.Context, tx *database.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, 0, $2)`, []byte{},
		now().UnixMilli())
	return err
}
