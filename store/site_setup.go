package store

import (
	"context"
	"encoding/hex"

	"plaza/store/database"
)

// setupToken is the name of the metadata that holds the hash of the token of the setup address, in hexadecimal. There
// is at most one, and none once the site has an owner.
const setupToken = "setup"

// NewSetupToken returns a new token for the setup address. The person who registers with it owns the site. It replaces the
// token before it, since the store keeps only the hash. The kind is Conflict if the site has an owner.
func (s *Store) NewSetupToken(ctx context.Context) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	hash := HashToken(token)
	return token, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // otherwise an owner could come meanwhile
			return err
		}
		var owned bool
		if err := tx.QueryRowContext(ctx, `SELECT `+siteHasOwner).Scan(&owned); err != nil {
			return err
		}
		if owned {
			return &Error{Kind: Conflict, Code: CodeSetupOver}
		}
		return setMetadata(ctx, tx, setupToken, hex.EncodeToString(hash[:]))
	})
}

// dropSetupToken makes the setup address lead nowhere.
func dropSetupToken(ctx context.Context, tx *database.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM metadata WHERE name = $1`, setupToken)
	return err
}
