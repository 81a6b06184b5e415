package store

import (
	"context"

	"plaza/store/database"
)

// Writers says who may write private messages to a user.
type Writers string

// The values of Writers.
const (
	Friends Writers = "friends"
	Anyone  Writers = "anyone"
	Nobody  Writers = "nobody"
)

// Privacy is a user's settings for private rooms.
type Privacy struct {
	From     Writers
	Receipts bool // the user shows how far they have read, and sees it of others
}

// PrivacyOf returns a user's settings for private rooms.
func (s *Store) PrivacyOf(ctx context.Context, user User) (Privacy, error) {
	var chosen Privacy
	err := s.queryRow(ctx, `SELECT private_from, receipts FROM users WHERE id = $1`, user.ID).Scan(&chosen.From,
		&chosen.Receipts)
	return chosen, err
}

// ChangePrivacy stores a user's settings for private rooms. It returns the new states of the user's
// rooms, by their ids, which their members must see. It writes nothing if the settings stay the same.
// The kind is Invalid if From is unknown.
func (s *Store) ChangePrivacy(ctx context.Context, user User, chosen Privacy) (states map[int64]int64, err error) {
	if chosen.From != Friends && chosen.From != Anyone && chosen.From != Nobody {
		return nil, &Error{Kind: Invalid, Code: CodePrivateFrom}
	}
	before, err := s.PrivacyOf(ctx, user)
	if err != nil || before == chosen {
		return nil, err
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		// The rooms' rows first: posts lock rows in this order.
		states, err = bumpRoomStates(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET private_from = $1, receipts = $2 WHERE id = $3`, chosen.From,
			chosen.Receipts, user.ID)
		return err
	})
	return states, err
}
