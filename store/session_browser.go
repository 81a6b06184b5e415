package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// BrowserLifetime is how long a browser is known after its last sign-in.
const BrowserLifetime = 365 * 24 * time.Hour

// BrowserTokenLength is the length of a browser's token, in characters.
const BrowserTokenLength = 43

// NewBrowser returns a token of 256 random bits that identifies a browser. The store keeps only its
// hash.
func NewBrowser() (string, error) { return newToken() }

// recordBrowser records that a user signs in with a browser. It notifies the user if the browser is
// unknown and others are known. It keeps the 50 browsers that were used last.
func (s *Store) recordBrowser(ctx context.Context, tx *database.Tx, person int64, browser TokenHash, userAgent string) error {
	at := now().UnixMilli()
	var some, known bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM browsers WHERE user_id = $1),
			EXISTS (SELECT 1 FROM browsers WHERE user_id = $1 AND token_hash = $2)`,
		person, browser[:]).Scan(&some, &known)
	if err != nil {
		return err
	}
	if some && !known { // the time makes each one a notification of its own
		if err := s.notify(ctx, tx, newNotification{
			recipient: person, kind: SignedInAnew, likeID: at, detail: userAgent,
		}); err != nil {
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
