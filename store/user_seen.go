package store

import (
	"context"
	"fmt"

	"plaza/store/database"
)

// Visitor is a user as others see who is online.
type Visitor struct {
	Person
	Hidden bool // is not shown to be online: the user hides when they were last here
}

// visitors returns the visitors that a query finds, by personColumns and u.seen_hidden.
func (s *Store) visitors(ctx context.Context, query string, arguments ...any) ([]Visitor, error) {
	var visitors []Visitor
	err := s.each(ctx, func(row database.Row) error {
		var v Visitor
		var err error
		v.Person, err = scanPerson(row, &v.Hidden)
		visitors = append(visitors, v)
		return err
	}, query, arguments...)
	return visitors, err
}

// NoteSeen records that users are online at the moment. It runs one transaction, and writes nothing
// if there are no users.
func (s *Store) NoteSeen(ctx context.Context, people []int64) error {
	if len(people) == 0 {
		return nil
	}
	at := now().UnixMilli()
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // otherwise two servers could wait for each other
			return err
		}
		return inParts(people, func(some []int64) error {
			arguments := make([]any, len(some), len(some)+1)
			for i, person := range some {
				arguments[i] = person
			}
			note := fmt.Sprintf(`UPDATE users SET seen_at = $%d WHERE id IN (%s) AND deleted_at = 0`, len(some)+1, database.Placeholders(len(some))) //nolint:gosec // numbers only
			_, err := tx.ExecContext(ctx, note, append(arguments, at)...)
			return err
		})
	})
}

// updateSeen records the last visit of a user who may have no live connection.
func updateSeen(ctx context.Context, tx *database.Tx, person, at int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE users SET seen_at = $1 WHERE id = $2`, at, person)
	return err
}
