package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"plaza/store/database"
)

// Picture is a person's picture in the two sizes that pages show, as JPEG.
type Picture struct{ Large, Small []byte }

// hash names the picture by its content: the first 64 bits of its SHA-256, which tells the
// pictures of one person apart.
func (p Picture) hash() string {
	sum := sha256.Sum256(p.Large)
	return hex.EncodeToString(sum[:8])
}

// SetPicture gives an account a picture, instead of the one that it may have.
func (s *Store) SetPicture(ctx context.Context, user User, picture Picture) error {
	return s.changePicture(ctx, user, picture.hash(), `
		INSERT INTO pictures (user_id, large, small) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET large = excluded.large, small = excluded.small`,
		user.ID, picture.Large, picture.Small)
}

// RemovePicture takes an account's picture away. It is no error where there is none.
func (s *Store) RemovePicture(ctx context.Context, user User) error {
	return s.changePicture(ctx, user, "", `DELETE FROM pictures WHERE user_id = $1`, user.ID)
}

// changePicture carries out a statement on an account's picture, notes under which hash it is to
// be had from now on, and tells all servers.
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

// Picture returns the picture of an account, in one of its sizes; NotFound where it has none.
func (s *Store) Picture(ctx context.Context, user User, large bool) ([]byte, error) {
	var jpeg []byte
	err := s.queryRow(ctx, `SELECT CASE WHEN $2 THEN large ELSE small END FROM pictures WHERE user_id = $1`, user.ID, large).Scan(&jpeg)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &Error{Kind: NotFound, Code: CodePictureGone}
	}
	return jpeg, err
}
