package store

import (
	"context"
	"database/sql"
	"slices"
)

var errDeleted = &Error{Kind: NotFound, Code: CodeUserDeleted}

// lockUsers keeps accounts from being deleted until the transaction ends; NotFound where one was. It
// locks their rows in the same order everywhere, or two transactions might wait for each other.
func lockUsers(ctx context.Context, tx *sql.Tx, people ...int64) error {
	for _, person := range slices.Sorted(slices.Values(people)) {
		result, err := tx.ExecContext(ctx, `UPDATE users SET deleted_at = 0 WHERE id = $1 AND deleted_at = 0`, person)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err := orNone(n, err, errDeleted.Code); err != nil {
			return err
		}
	}
	return nil
}
