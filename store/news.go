package store

import (
	"context"
	"database/sql"
	"time"
)

// News is something that each server has to act upon.
type News struct {
	Session TokenHash // that ended: its sockets are to close; zero where none did
	Person  int64     // whose name or picture changed, or who is gone; 0 where nobody's
}

// newsKept is how long news is kept for servers, which look twice a second.
const newsKept = time.Hour

// News returns what happened after a mark, and the mark to go on from. The first mark is 0: all
// that is still noted.
func (s *Store) News(ctx context.Context, after int64) ([]News, int64, error) {
	var news []News
	mark := after
	err := s.each(ctx, func(row scanner) error {
		var hash []byte
		var one News
		if err := row.Scan(&mark, &hash, &one.Person); err != nil {
			return err
		}
		copy(one.Session[:], hash)
		news = append(news, one)
		return nil
	}, `SELECT id, token_hash, user_id FROM news WHERE id > $1 ORDER BY id`, after)
	return news, mark, err
}

// notePerson tells all servers that somebody is called differently, looks different, or is gone.
// The transaction must have called oneAtATime.
func notePerson(ctx context.Context, tx *sql.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO news (token_hash, user_id, at) VALUES ($1, $2, $3)`, []byte{}, person, now().UnixMilli())
	return err
}

// ExpireNews forgets what happened long ago. It writes nothing where there is nothing.
func (s *Store) ExpireNews(ctx context.Context) error {
	before := now().Add(-newsKept).UnixMilli()
	var some bool
	err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM news WHERE at < $1)`, before).Scan(&some)
	if err != nil || !some {
		return err
	}
	return s.InTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM news WHERE at < $1`, before)
		return err
	})
}
