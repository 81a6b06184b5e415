package store

import (
	"context"
	"slices"

	"plaza/store/database"
)

// ChosenKinds returns the kinds of notifications that users may turn off. The others are about
// security, and always on.
func ChosenKinds() []NotificationKind {
	return []NotificationKind{FriendRequest, RequestAccepted, RequestDeclined, Unfriended, Mentioned, Replied, Reacted, PrivateMessage}
}

// MutedKinds returns the kinds that a user has turned off.
func (s *Store) MutedKinds(ctx context.Context, user User) ([]NotificationKind, error) {
	var muted []NotificationKind
	err := s.each(ctx, func(row database.Row) error {
		var kind NotificationKind
		err := row.Scan(&kind)
		muted = append(muted, kind)
		return err
	}, `SELECT kind FROM muted_kinds WHERE user_id = $1 ORDER BY kind`, user.ID)
	return muted, err
}

// ChooseKinds turns a user's ChosenKinds on if they are wanted, and the others off. It writes nothing
// if they are so already. The kind of its error is Invalid if a wanted kind is not one of ChosenKinds.
func (s *Store) ChooseKinds(ctx context.Context, user User, wanted []NotificationKind) error {
	muted := slices.DeleteFunc(ChosenKinds(), func(kind NotificationKind) bool { return slices.Contains(wanted, kind) })
	for _, kind := range wanted {
		if !slices.Contains(ChosenKinds(), kind) {
			return &Error{Kind: Invalid, Code: CodeNotificationKind}
		}
	}
	before, err := s.MutedKinds(ctx, user)
	slices.Sort(muted) // as MutedKinds does
	if err != nil || slices.Equal(before, muted) {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM muted_kinds WHERE user_id = $1`, user.ID); err != nil {
			return err
		}
		for _, kind := range muted {
			if _, err := tx.ExecContext(ctx, `INSERT INTO muted_kinds (user_id, kind) VALUES ($1, $2)`, user.ID,
				kind); err != nil {
				return err
			}
		}
		return nil
	})
}

// ChangeAnnounces changes whether screen readers read out new messages to a user. It writes nothing if that
// stays the same.
func (s *Store) ChangeAnnounces(ctx context.Context, user User, announces bool) error {
	if user.Announces == announces {
		return nil
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET announces = $1 WHERE id = $2 AND deleted_at = 0`, announces, user.ID)
		return err
	})
}
