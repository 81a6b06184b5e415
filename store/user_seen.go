package store

import (
	"context"
	"fmt"
	"slices"

	"plaza/store/database"
)

// seenAtOnce is how many people a statement notes: well within what databases take of arguments.
const seenAtOnce = 1000

// NoteSeen notes that people are here, or were a moment ago: all in one transaction. It writes
// nothing where there are none.
func (s *Store) NoteSeen(ctx context.Context, people []int64) error {
	if len(people) == 0 {
		return nil
	}
	at := now().UnixMilli()
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // or two servers might wait for each other
			return err
		}
		for some := range slices.Chunk(people, seenAtOnce) {
			arguments := make([]any, len(some), len(some)+1)
			for i, person := range some {
				arguments[i] = person
			}
			note := fmt.Sprintf(`UPDATE users SET seen_at = $%d WHERE id IN (%s) AND deleted_at = 0`, len(some)+1, database.Placeholders(len(some))) //nolint:gosec // no more than numbers
			if _, err := tx.ExecContext(ctx, note, append(arguments, at)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// updateSeen notes that one is here, who may have no live connection.
func updateSeen(ctx context.Context, tx *database.Tx, person, at int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE users SET seen_at = $1 WHERE id = $2`, at, person)
	return err
}
