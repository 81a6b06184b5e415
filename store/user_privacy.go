package store

import (
	"context"

	"plaza/store/database"
)

// Writers are those who may write to somebody in private.
type Writers string

// Who that may be.
const (
	Friends Writers = "friends"
	Anyone  Writers = "anyone"
	Nobody  Writers = "nobody"
)

// Privacy is what somebody chose for their private rooms.
type Privacy struct {
	From     Writers
	Receipts bool // whether they show how far they have read, and see it of others
}

// PrivacyOf returns what somebody chose for their private rooms.
func (s *Store) PrivacyOf(ctx context.Context, user User) (Privacy, error) {
	var chosen Privacy
	err := s.queryRow(ctx, `SELECT private_from, receipts FROM users WHERE id = $1`, user.ID).Scan(&chosen.From, &chosen.Receipts)
	return chosen, err
}

// ChangePrivacy notes what somebody chose for their private rooms, and returns these rooms, with the
// numbers of their states, which others are to be shown. Invalid where there is no such choice.
func (s *Store) ChangePrivacy(ctx context.Context, user User, chosen Privacy) (states map[int64]int64, err error) {
	if chosen.From != Friends && chosen.From != Anyone && chosen.From != Nobody {
		return nil, &Error{Kind: Invalid, Code: CodePrivateFrom}
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		// The rooms' rows first, as posts have them.
		states, err = bumpRoomStates(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET private_from = $1, receipts = $2 WHERE id = $3`, chosen.From, chosen.Receipts, user.ID)
		return err
	})
	return states, err
}
