package store

import (
	"context"
	"fmt"

	"plaza/store/database"
)

// Deletion is what rooms come to where an account is deleted: the versions and states of those that
// change, by their ids.
type Deletion struct {
	Versions, States map[int64]int64
	InboxChanged     []int64 // those for whom less waits by it
}

// DeleteAccount ends an account for good: its sessions, and all that there is between it and
// others. What it wrote stays, as of a deleted account, or FinishDeletions erases it. It leaves its groups. Nobody
// gets the username for as long as NameReserved. Invalid for the only owner of a site while others
// have accounts there. The caller has asked for the password.
func (s *Store) DeleteAccount(ctx context.Context, user User, erase bool) (Deletion, error) {
	var deletion Deletion
	err := s.InTx(ctx, func(tx *database.Tx) error {
		deletion = Deletion{Versions: map[int64]int64{}}
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		// So that no message comes meanwhile; and first, as those who post have it.
		if _, err := tx.ExecContext(ctx, `UPDATE rooms SET version = version WHERE kind = 'public'`); err != nil {
			return err
		}
		var err error
		if deletion.States, err = bumpRoomStates(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := checkOwnerNeeded(tx.QueryRowContext(ctx, ownerIsNeeded, user.ID)); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, sessionsOf, user.ID); err != nil {
			return err
		}
		if err := leaveRooms(ctx, tx, user, deletion.Versions); err != nil {
			return err
		}
		if deletion.InboxChanged, err = deleteNotifications(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := anonymize(ctx, tx, user.ID, erase); err != nil {
			return err
		}
		if err := countRequests(ctx, tx, deletion.InboxChanged...); err != nil {
			return err
		}
		return s.recordInboxChanged(ctx, tx, deletion.InboxChanged...)
	})
	return deletion, err
}

// CheckDeletion returns what DeleteAccount would refuse, and deletes nothing.
func (s *Store) CheckDeletion(ctx context.Context, user User) error {
	return checkOwnerNeeded(s.queryRow(ctx, ownerIsNeeded, user.ID))
}

// ownerIsNeeded asks whether a site would be left with members and without an owner.
const ownerIsNeeded = `
		SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND role = 'owner')
		       AND EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0)
		       AND NOT EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0 AND role = 'owner')`

// checkOwnerNeeded reads what ownerIsNeeded found: Invalid where the owner is.
func checkOwnerNeeded(row database.Row) error {
	var needed bool
	err := row.Scan(&needed)
	if err == nil && needed {
		return &Error{Kind: Invalid, Code: CodeOwnerNeeded}
	}
	return err
}

// deletedPrefix begins the username of a deleted account. No person can choose such a name, and
// nobody is found under it.
const deletedPrefix = "~"

// anonymize leaves of an account nothing but a row that its messages refer to. The transaction must
// have called lockSite.
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
		`DELETE FROM browsers WHERE user_id = $1`,
		`DELETE FROM jobs WHERE user_id = $1`,
		`DELETE FROM email_changes WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE users SET username = $2, username_key = $2, username_look = $2, display_name = '', about = '', email = '', email_key = $2,
			email_hidden = TRUE, password_hash = '', role = 'member', relations_version = relations_version + 1, picture = '', theme = '',
			seen_at = 0, seen_hidden = TRUE, deleted_at = $3, erasing = $4
		WHERE id = $1`, person, fmt.Sprint(deletedPrefix, person), at.UnixMilli(), erase)
	if err != nil {
		return err
	}
	return recordUserChanged(ctx, tx, person)
}

// deleteNotifications takes back what somebody was told, and what others were told of them but of their
// requests, and returns those for whom less waits by it once they are gone.
func deleteNotifications(ctx context.Context, tx *database.Tx, person int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT to_id FROM friend_requests WHERE from_id = $1
		UNION SELECT user_id FROM notifications WHERE actor_id = $1 AND user_id <> $1 ORDER BY 1`, person)
	if err != nil {
		return nil, err
	}
	concerned, err := readIDs(rows)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM notifications WHERE user_id = $1 OR (actor_id = $1 AND NOT (kind = 'request' AND read_at = 0))`, person)
	return concerned, err
}
