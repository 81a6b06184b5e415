package store

import (
	"context"
	"database/sql"
	"time"
)

// News is what happened that each server has to act upon.
type News struct {
	Ended   []TokenHash // sessions whose sockets are to close
	Changed []User      // who is called differently, looks different, or is gone, as they are now
	Mark    int64       // where to go on from
}

// newsKept is how long news is kept for servers, which look twice a second.
const newsKept = time.Hour

// News returns what happened after a mark. The first mark is 0: all that is still noted.
func (s *Store) News(ctx context.Context, after int64) (News, error) {
	news := News{Mark: after}
	changed := false
	err := s.each(ctx, func(row scanner) error {
		var hash []byte
		var person int64
		if err := row.Scan(&news.Mark, &hash, &person); err != nil {
			return err
		}
		if person != 0 {
			changed = true
			return nil
		}
		news.Ended = append(news.Ended, TokenHash(hash))
		return nil
	}, `SELECT id, token_hash, user_id FROM news WHERE id > $1 ORDER BY id`, after)
	if err != nil || !changed {
		return news, err
	}
	return news, s.each(ctx, func(row scanner) error {
		user, err := scanUser(row)
		news.Changed = append(news.Changed, user)
		return err
	}, `SELECT `+userColumns+` FROM users u WHERE u.id IN (SELECT user_id FROM news WHERE id > $1 AND id <= $2)`, after, news.Mark)
}

// notePerson tells all servers that somebody is called differently, looks different, or is gone.
// The transaction must have called oneAtATime.
func notePerson(ctx context.Context, tx *sql.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO news (token_hash, user_id, at) VALUES ($1, $2, $3)`, []byte{}, person, now().UnixMilli())
	return err
}

// ExpireNews forgets what happened long ago. It writes nothing where there is nothing.
func (s *Store) ExpireNews(ctx context.Context) error {
	_, err := s.expire(ctx, `news WHERE at < $1`, now().Add(-newsKept))
	return err
}
