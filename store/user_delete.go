package store

import (
	"context"
	"fmt"
	"slices"

	"plaza/store/database"
)

// Deletion is the result of DeleteAccount: the new versions and states of the changed rooms, by
// their ids.
type Deletion struct {
	Versions, States map[int64]int64
	InboxChanged     []int64 // the users whose inboxes changed
}

// DeleteAccount deletes an account with its sessions and relations. It leaves the account's groups.
// Before that it deletes the account's notifications in small transactions, so that posts pass.
// The account's messages stay as those of a deleted user; if erase is set, FinishDeletions erases
// them later. The username stays reserved for NameReserved. The account must be one that Authenticate
// has returned. The kind is Invalid for the only owner of a site with other accounts, and if the
// password has changed since.
func (s *Store) DeleteAccount(ctx context.Context, user User, erase bool) (Deletion, error) {
	check := func(tx *database.Tx) error {
		if err := lockAuthenticated(ctx, tx, user); err != nil {
			return err
		}
		return checkOwnerNeeded(tx.QueryRowContext(ctx, ownerIsNeeded, user.ID))
	}
	if err := s.InTx(ctx, check); err != nil {
		return Deletion{}, err
	}
	earlier, err := s.deleteMostNotifications(ctx, user.ID)
	if err != nil {
		return Deletion{}, err
	}
	var deletion Deletion
	err = s.InTx(ctx, func(tx *database.Tx) error {
		deletion = Deletion{Versions: map[int64]int64{}}
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		// Lock the public rooms first, as posts do, so that no post comes in between.
		if _, err := tx.ExecContext(ctx, `UPDATE rooms SET version = version WHERE kind = 'public'`); err != nil {
			return err
		}
		var err error
		if deletion.States, err = bumpRoomStates(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := check(tx); err != nil { // again: something may have changed
			return err
		}
		if err := endSessions(ctx, tx, sessionsOf, user.ID); err != nil {
			return err
		}
		if err := s.leaveRooms(ctx, tx, user, deletion.Versions); err != nil {
			return err
		}
		asked, err := askedBy(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		if deletion.InboxChanged, err = deleteNotifications(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := anonymize(ctx, tx, user.ID, erase); err != nil {
			return err
		}
		if err := countRequests(ctx, tx, asked...); err != nil {
			return err
		}
		deletion.InboxChanged = unique(append(deletion.InboxChanged, asked...))
		return s.recordInboxChanged(ctx, tx, deletion.InboxChanged...)
	})
	deletion.InboxChanged = slices.DeleteFunc(unique(append(deletion.InboxChanged, earlier...)), func(id int64) bool {
		return id == user.ID
	})
	return deletion, err
}

// CheckDeletion returns the error that DeleteAccount would return, and deletes nothing.
func (s *Store) CheckDeletion(ctx context.Context, user User) error {
	return checkOwnerNeeded(s.queryRow(ctx, ownerIsNeeded, user.ID))
}

// ownerIsNeeded asks whether the site would have members but no owner without the user.
const ownerIsNeeded = `
		SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND role = 'owner')
		       AND EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0)
		       AND NOT EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0 AND role = 'owner')`

// checkOwnerNeeded reads the result of ownerIsNeeded. It returns an Invalid error if the owner is
// needed.
func checkOwnerNeeded(row database.Row) error {
	var needed bool
	err := row.Scan(&needed)
	if err == nil && needed {
		return &Error{Kind: Invalid, Code: CodeOwnerNeeded}
	}
	return err
}

// deletedPrefix begins the username of a deleted user. No user can choose such a name, and no
// lookup finds it.
const deletedPrefix = "~"

// anonymize deletes the personal data of an account. It keeps the row, because messages refer to
// it. The transaction must have called lockSite.
func anonymize(ctx context.Context, tx *database.Tx, person int64, erase bool) error {
	at := now()
	if err := reserveName(ctx, tx, person, at.Add(NameReserved)); err != nil {
		return err
	}
	if err := deleteNameParts(ctx, tx, person); err != nil {
		return err
	}
	for _, statement := range []string{
		bumpOthersRelations,
		`DELETE FROM friends WHERE user_id = $1 OR friend_id = $1`,
		`DELETE FROM friend_requests WHERE from_id = $1 OR to_id = $1`,
		`DELETE FROM blocks WHERE blocker_id = $1 OR blocked_id = $1`,
		`DELETE FROM pictures WHERE user_id = $1`,
		`DELETE FROM muted_kinds WHERE user_id = $1`,
		`DELETE FROM saved_messages WHERE user_id = $1`,
		`DELETE FROM drafts WHERE user_id = $1`,
		`DELETE FROM browsers WHERE user_id = $1`,
		`DELETE FROM jobs WHERE user_id = $1`,
		`DELETE FROM email_changes WHERE user_id = $1`,
		`DELETE FROM password_resets WHERE user_id = $1`,
		`DELETE FROM digest_links WHERE user_id = $1`,
		`DELETE FROM refused_addresses WHERE email_key = (SELECT email_key FROM users WHERE id = $1)`,
		`DELETE FROM invited WHERE user_id = $1`,
		`DELETE FROM invites WHERE maker_id = $1`,
		`DELETE FROM totp WHERE user_id = $1`,
		`DELETE FROM recovery_codes WHERE user_id = $1`,
		`DELETE FROM half_sign_ins WHERE user_id = $1`,
		`DELETE FROM passkeys WHERE user_id = $1`,
		`DELETE FROM challenges WHERE user_id = $1`,
		`DELETE FROM identities WHERE user_id = $1`,
		`DELETE FROM provider_sign_ins WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE users SET username = $2, username_key = $2, username_look = $2, display_name = '', about = '',
			email = '', email_key = $2, email_hidden = TRUE, email_verified = FALSE, password_hash = '', password_set_at = 0, role = 'member',
			relations_version = relations_version + 1, picture = '', theme = '', announces = TRUE, digest = '', digest_at = 0,
			seen_at = 0, seen_hidden = TRUE, public_read_to = 0, deleted_at = $3, erasing = $4, mentioned = TRUE, reacted = TRUE
		WHERE id = $1`, person, fmt.Sprint(deletedPrefix, person), at.UnixMilli(), erase)
	if err != nil {
		return err
	}
	return recordUserChanged(ctx, tx, person)
}

// notificationBatch is the maximum number of notifications that one transaction deletes with an account. Larger
// transactions would delay posts.
const notificationBatch = 2000

// deleteMostNotifications deletes a user's notifications, and those that the user has caused, in small
// transactions. There may be hundreds of thousands. It leaves less than a batch to the transaction that
// deletes the account. It returns the users whose inboxes change.
func (s *Store) deleteMostNotifications(ctx context.Context, person int64) (inboxChanged []int64, err error) {
	for {
		var deleted []int64
		err := s.InTx(ctx, func(tx *database.Tx) error {
			var err error
			if deleted, err = deleteNotifications(ctx, tx, person); err != nil {
				return err
			}
			return s.recordInboxChanged(ctx, tx, unique(deleted)...)
		})
		if err != nil {
			return nil, err
		}
		inboxChanged = unique(append(inboxChanged, deleted...))
		if len(deleted) < notificationBatch {
			return inboxChanged, nil
		}
	}
}

// deleteNotifications deletes some of a user's notifications, and of those that the user has caused. It
// keeps unread requests, for countRequests. It returns the recipient of each.
func deleteNotifications(ctx context.Context, tx *database.Tx, person int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM notifications WHERE id IN (
			SELECT id FROM notifications WHERE user_id = $1
			UNION ALL
			SELECT id FROM notifications WHERE actor_id = $1 AND user_id <> $1 AND NOT (kind = 'request' AND read_at = 0)
			LIMIT $2)
		RETURNING user_id`, person, notificationBatch)
	if err != nil {
		return nil, err
	}
	return readIDs(rows)
}

// askedBy returns the users whom a user has asked to be a friend, by rising id.
func askedBy(ctx context.Context, tx *database.Tx, person int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT to_id FROM friend_requests WHERE from_id = $1 ORDER BY to_id`, person)
	if err != nil {
		return nil, err
	}
	return readIDs(rows)
}

// unique sorts ids and drops repeated ones.
func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}
