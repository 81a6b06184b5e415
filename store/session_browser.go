package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// BrowserLifetime is how long a browser is known after somebody last signed in with it.
const BrowserLifetime = 365 * 24 * time.Hour

// BrowserTokenLength is how many characters the token of a browser has.
const BrowserTokenLength = 43

// NewBrowser returns what a browser is known by: 256 random bits, of which the store keeps the hash.
func NewBrowser() (string, error) { return newToken() }

// recordBrowser notes that somebody signs in with a browser, and tells them where it is not known and
// others are. It keeps the 50 that were used last.
func (s *Store) recordBrowser(ctx context.Context, tx *database.Tx, person int64, browser TokenHash, userAgent string) error {
	at := now().UnixMilli()
	var some, known bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM browsers WHERE user_id = $1), EXISTS (SELECT 1 FROM browsers WHERE user_id = $1 AND token_hash = $2)`,
		person, browser[:]).Scan(&some, &known)
	if err != nil {
		return err
	}
	if some && !known { // each is told by itself
		if err := s.notify(ctx, tx, newNotification{recipient: person, kind: SignedInAnew, likeID: at, detail: userAgent}); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO browsers (user_id, token_hash, used_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id, token_hash) DO UPDATE SET used_at = excluded.used_at`, person, browser[:], at)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM browsers WHERE user_id = $1 AND token_hash NOT IN (
		SELECT token_hash FROM browsers WHERE user_id = $1 ORDER BY used_at DESC LIMIT 50)`, person)
	return err
}
