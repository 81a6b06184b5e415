package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// tombstone begins the username of a deleted account, which keeps its row for the messages that
// it wrote. No person can choose such a name, and none is found under it.
const tombstone = "~"

// IsDeleted tells whether the account was deleted: nothing is left of it but what it wrote.
func (u User) IsDeleted() bool { return strings.HasPrefix(u.Username, tombstone) }

var errDeleted = &Error{Kind: NotFound, Message: "This account was deleted."}

// mustLive keeps an account from being deleted until the transaction ends; NotFound where it was.
func mustLive(ctx context.Context, tx *sql.Tx, person int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE users SET deleted_at = 0 WHERE id = $1 AND deleted_at = 0`, person)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	return orNone(n, err, errDeleted.Message)
}

// DeleteAccount ends an account for good: its sessions, and all that there is between it and
// others. What it wrote stays, as of a deleted account, or is erased; the rooms in which something
// was are returned with the versions that they come to by it. Nobody gets the username for as long
// as NameReserved. Invalid for the only owner of a site while others have accounts there. The
// caller has asked for the password.
func (s *Store) DeleteAccount(ctx context.Context, user User, erase bool) (changed map[int64]int64, err error) {
	err = s.InTx(ctx, func(tx *sql.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		// So that no message comes meanwhile; and first, as those who post have it.
		if _, err := tx.ExecContext(ctx, `UPDATE rooms SET version = version`); err != nil {
			return err
		}
		if err := mustLive(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := mayLeave(ctx, tx, user.ID); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, sessionsOf, user.ID); err != nil {
			return err
		}
		if err := bury(ctx, tx, user.ID); err != nil {
			return err
		}
		changed = map[int64]int64{}
		if !erase {
			return nil
		}
		return eraseMessages(ctx, tx, user.ID, changed)
	})
	return changed, err
}

// mayLeave is an error where a site would be left with members and without an owner.
func mayLeave(ctx context.Context, tx *sql.Tx, person int64) error {
	var needed bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND role = 'owner')
		       AND EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0)
		       AND NOT EXISTS (SELECT 1 FROM users WHERE id <> $1 AND deleted_at = 0 AND role = 'owner')`, person).Scan(&needed)
	if err == nil && needed {
		return &Error{Kind: Invalid, Message: "You own this plaza: while others have accounts here, it needs you."}
	}
	return err
}

// bury leaves of an account nothing but a row that its messages refer to. The transaction must
// have called oneAtATime.
func bury(ctx context.Context, tx *sql.Tx, person int64) error {
	at := now()
	if err := reserveName(ctx, tx, person, at.Add(NameReserved)); err != nil {
		return err
	}
	if err := forgetNames(ctx, tx, person); err != nil {
		return err
	}
	for _, statement := range []string{
		noteOthersCircles,
		`DELETE FROM friends WHERE user_id = $1 OR friend_id = $1`,
		`DELETE FROM friend_requests WHERE from_id = $1 OR to_id = $1`,
		`DELETE FROM blocks WHERE blocker_id = $1 OR blocked_id = $1`,
		`DELETE FROM pictures WHERE user_id = $1`,
		// Letters that are not sent yet.
		`DELETE FROM jobs WHERE recipient IN (SELECT email FROM users WHERE id = $1 UNION SELECT email FROM email_changes WHERE user_id = $1)`,
		`DELETE FROM email_changes WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE users SET username = $2, username_key = $2, username_look = $2, display_name = '', about = '', email = '', email_key = $2,
			email_hidden = TRUE, password_hash = '', role = 'member', circle = circle + 1, picture = '', theme = '', listed = TRUE,
			seen_at = 0, seen_hidden = TRUE, deleted_at = $3
		WHERE id = $1`, person, fmt.Sprint(tombstone, person), at.UnixMilli())
	if err != nil {
		return err
	}
	return notePerson(ctx, tx, person)
}

// eraseMessages takes their text from all that somebody wrote. Each is a change of its room, and
// so takes the room's next version; the rooms' rows are locked.
func eraseMessages(ctx context.Context, tx *sql.Tx, person int64, changed map[int64]int64) error {
	rows, err := tx.QueryContext(ctx, `
		UPDATE rooms SET version = version + (SELECT count(*) FROM messages WHERE room_id = rooms.id AND author_id = $1)
		WHERE id IN (SELECT room_id FROM messages WHERE author_id = $1) RETURNING id, version`, person)
	if err != nil {
		return err
	}
	err = eachRow(rows, func(row scanner) error {
		var room, version int64
		err := row.Scan(&room, &version)
		changed[room] = version
		return err
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE messages SET source = '', html = '', erased = TRUE, version = later.version
		FROM (SELECT m.id, r.version - row_number() OVER (PARTITION BY m.room_id ORDER BY m.seq DESC) + 1 AS version
			FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.author_id = $1) AS later
		WHERE messages.id = later.id`, person)
	return err
}
