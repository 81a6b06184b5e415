package store

import (
	"cmp"
	"context"
	"slices"

	"plaza/store/database"
)

var errDeleted = &Error{Kind: NotFound, Code: CodeUserDeleted}

// lockUsers locks accounts, so that they are not deleted before the transaction ends. It returns
// errDeleted if one is deleted already. It locks rows by rising id; otherwise two transactions
// could wait for each other.
func lockUsers(ctx context.Context, tx *database.Tx, people ...int64) error {
	for _, person := range slices.Sorted(slices.Values(people)) {
		result, err := tx.ExecContext(ctx, `UPDATE users SET deleted_at = 0 WHERE id = $1 AND deleted_at = 0`, person)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, error(errDeleted))
		}
	}
	return nil
}

// lockAuthenticated is lockUsers for what only the account's password allows. It returns
// ErrCredentials if the password has changed since user was read. A password is verified before the
// transaction, because that is slow, so it may have changed since.
func lockAuthenticated(ctx context.Context, tx *database.Tx, user User) error {
	if err := lockUsers(ctx, tx, user.ID); err != nil {
		return err
	}
	var version int64
	err := tx.QueryRowContext(ctx, `SELECT password_version FROM users WHERE id = $1`, user.ID).Scan(&version)
	if err == nil && version != user.passwordVersion {
		err = ErrCredentials
	}
	return err
}
