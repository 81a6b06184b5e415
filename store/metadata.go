package store

import (
	"context"
	"database/sql"
	"errors"

	"plaza/store/database"
)

// metadata returns the value that the site stores under a name. It returns the empty string if
// there is none.
func (s *Store) metadata(ctx context.Context, name string) (string, error) {
	var value string
	err := s.queryRow(ctx, `SELECT value FROM metadata WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// setMetadata stores a value under a name.
func setMetadata(ctx context.Context, tx *database.Tx, name, value string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO metadata (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// siteID is the name of the metadata that holds the site's random id. The id is made with the
// database. It tells the site's messages from those of other sites on the same message bus.
const siteID = "site"

// SiteID returns the site's random id.
func (s *Store) SiteID(ctx context.Context) (string, error) { return s.metadata(ctx, siteID) }
