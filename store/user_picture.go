package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"plaza/store/database"
)

// Picture is a user's picture in two sizes, as JPEG.
type Picture struct{ Large, Small []byte }

// hash returns the first 64 bits of the large picture's SHA-256, in hexadecimal. It tells the
// pictures of one user apart.
func (p Picture) hash() string {
	sum := sha256.Sum256(p.Large)
	return hex.EncodeToString(sum[:8])
}

// SetPicture stores an account's picture, and replaces an earlier one.
func (s *Store) SetPicture(ctx context.Context, user User, picture Picture) error {
	return s.changePicture(ctx, user, picture.hash(), `
		INSERT INTO pictures (user_id, large, small) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET large = excluded.large, small = excluded.small`,
		user.ID, picture.Large, picture.Small)
}

// RemovePicture removes an account's picture. It is no error if there is none.
func (s *Store) RemovePicture(ctx context.Context, user User) error {
	return s.changePicture(ctx, user, "", `DELETE FROM pictures WHERE user_id = $1`, user.ID)
}

// changePicture runs a statement on an account's picture, stores the picture's new hash, and tells
// all servers.
func (s *Store) changePicture(ctx context.Context, user User, hash, statement string, arguments ...any) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, statement, arguments...); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET picture = $1 WHERE id = $2`, hash, user.ID); err != nil {
			return err
		}
		return recordUserChanged(ctx, tx, user.ID)
	})
}

// Picture returns an account's picture in one size, as JPEG. The kind is NotFound if there is none.
func (s *Store) Picture(ctx context.Context, user User, large bool) ([]byte, error) {
	var jpeg []byte
	err := s.queryRow(ctx, `SELECT CASE WHEN $2 THEN large ELSE small END FROM pictures WHERE user_id = $1`, user.ID,
		large).Scan(&jpeg)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &Error{Kind: NotFound, Code: CodePictureGone}
	}
	return jpeg, err
}
