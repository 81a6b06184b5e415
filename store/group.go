package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// MaxMembers is how many people a group may have.
const MaxMembers = 20

// CreateGroup makes a group of a viewer and friends of theirs, whom usernames name. Invalid where
// the name breaks a rule, where nobody is named, or somebody who is no friend.
func (s *Store) CreateGroup(ctx context.Context, viewer User, name string, usernames []string) (Room, error) {
	name, unnamed := groupName(name)
	id := newRoomID()
	err := s.InTx(ctx, func(tx *sql.Tx) error {
		friends, err := friendsNamed(ctx, tx, viewer, usernames)
		if err := bothInvalid(unnamed, err); err != nil {
			return err
		}
		at := now().UnixMilli()
		if _, err := tx.ExecContext(ctx, `INSERT INTO rooms (id, name, kind, last_posted_at) VALUES ($1, $2, 'group', $3)`, id, name, at); err != nil {
			return err
		}
		return join(ctx, tx, id, append(friends, viewer.ID))
	})
	if err != nil {
		return Room{}, err
	}
	return s.RoomFor(ctx, viewer.ID, id)
}

// bothInvalid is what is wrong with either of two fields, or both.
func bothInvalid(one, other error) error {
	var first, second *Error
	if errors.As(one, &first) && errors.As(other, &second) && first.Kind == Invalid && second.Kind == Invalid {
		fields := maps.Clone(first.Fields)
		maps.Copy(fields, second.Fields)
		return &Error{Kind: Invalid, Message: mendFields, Fields: fields}
	}
	return cmp.Or(other, one)
}

// groupName is a group's name as it is kept; Invalid where it breaks a rule.
func groupName(name string) (string, error) {
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	problem := checkDisplayName(name)
	if name == "" {
		problem = "A group has a name: what is it about, or who is in it?"
	}
	if problem != "" {
		return "", invalid("name", problem)
	}
	return name, nil
}

// friendsNamed returns the ids of a viewer's friends with these usernames, who keep their accounts
// until the transaction ends; Invalid where there is no name, or one that is nobody's who is a friend,
// or of somebody who takes no private messages.
func friendsNamed(ctx context.Context, tx *sql.Tx, viewer User, usernames []string) ([]int64, error) {
	var friends []int64
	known := map[string]bool{}
	for _, username := range usernames {
		key := usernameKey(username)
		if known[key] {
			continue
		}
		known[key] = true
		if len(known) >= MaxMembers {
			return nil, errFull
		}
		var from Writers
		friend, err := scanUser(tx.QueryRowContext(ctx, `SELECT `+userColumns+`, u.private_from FROM friends f JOIN users u ON u.id = f.friend_id
			WHERE f.user_id = $1 AND u.username_key = $2`, viewer.ID, key), &from)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil, errNoFriend
		case err != nil:
			return nil, err
		case from == Nobody:
			return nil, invalid("people", closed(string(Nobody), friend))
		}
		friends = append(friends, friend.ID)
	}
	if len(friends) == 0 {
		return nil, invalid("people", "Choose at least one friend.")
	}
	err := mustLive(ctx, tx, append(friends, viewer.ID)...)
	if KindOf(err) == NotFound {
		err = errNoFriend
	}
	return friends, err
}

var errNoFriend = invalid("people", "You can choose among your friends. Somebody you chose is none any more.")

var errFull = invalid("people", fmt.Sprintf("A group has at most %d people, with you.", MaxMembers))

// join makes people members of a room, who have read what was said so far.
func join(ctx context.Context, tx *sql.Tx, room int64, people []int64) error {
	for _, person := range people {
		_, err := tx.ExecContext(ctx, `INSERT INTO members (room_id, user_id, since, read_to)
			SELECT id, $2, $3, version FROM rooms WHERE id = $1`, room, person, now().UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// AddMembers adds friends of a viewer to a group of theirs, and returns the room's entries that say
// so. Whoever is added may read all that was said before. Those who are members already are left
// out. Invalid where nobody is named, or somebody who is no friend, or the group would be too large.
func (s *Store) AddMembers(ctx context.Context, viewer User, roomID int64, usernames []string) ([]Message, error) {
	var joined []Message
	err := s.inGroup(ctx, viewer, roomID, func(tx *sql.Tx) error {
		joined = nil
		friends, err := friendsNamed(ctx, tx, viewer, usernames)
		if err != nil {
			return err
		}
		for _, friend := range friends {
			member, err := isMember(ctx, tx, roomID, friend)
			if err != nil {
				return err
			}
			if member {
				continue
			}
			entry, err := enter(ctx, tx, roomID, User{ID: friend}, Joined, "")
			if err != nil {
				return err
			}
			if err := join(ctx, tx, roomID, []int64{friend}); err != nil {
				return err
			}
			joined = append(joined, entry)
		}
		var count int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM members WHERE room_id = $1`, roomID).Scan(&count); err != nil {
			return err
		}
		if count > MaxMembers {
			return errFull
		}
		return nil
	})
	return joined, err
}

// NameGroup gives a group another name, and returns the room's entry that says so.
func (s *Store) NameGroup(ctx context.Context, viewer User, roomID int64, name string) (Message, error) {
	name, err := groupName(name)
	if err != nil {
		return Message{}, err
	}
	var entry Message
	return entry, s.inGroup(ctx, viewer, roomID, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE rooms SET name = $2 WHERE id = $1`, roomID, name); err != nil {
			return err
		}
		entry, err = enter(ctx, tx, roomID, viewer, Named, name)
		return err
	})
}

// LeaveGroup takes a viewer out of a group, and returns the room's entry that says so. A group that
// nobody is in any more is gone, with all that was said there.
func (s *Store) LeaveGroup(ctx context.Context, viewer User, roomID int64) (Message, error) {
	var entry Message
	err := s.inGroup(ctx, viewer, roomID, func(tx *sql.Tx) error {
		var err error
		entry, err = leave(ctx, tx, viewer, roomID)
		return err
	})
	return entry, err
}

// leave takes a member out of a group whose row is locked.
func leave(ctx context.Context, tx *sql.Tx, member User, roomID int64) (Message, error) {
	entry, err := enter(ctx, tx, roomID, member, Left, "")
	if err != nil {
		return Message{}, err
	}
	for _, statement := range []string{
		`DELETE FROM members WHERE room_id = $1 AND user_id = $2`,
		`DELETE FROM notifications WHERE room_id = $1 AND user_id = $2`,
	} {
		if _, err := tx.ExecContext(ctx, statement, roomID, member.ID); err != nil {
			return Message{}, err
		}
	}
	for _, statement := range []string{
		`DELETE FROM messages WHERE room_id = $1 AND NOT EXISTS (SELECT 1 FROM members WHERE room_id = $1)`,
		`DELETE FROM rooms WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM members WHERE room_id = $1)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, roomID); err != nil {
			return Message{}, err
		}
	}
	return entry, nil
}

// inGroup runs fn in a transaction that no other one that writes in the group goes beside; NotFound
// where the viewer is no member of such a group.
func (s *Store) inGroup(ctx context.Context, viewer User, roomID int64, fn func(tx *sql.Tx) error) error {
	return s.InTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 AND kind = 'group'`, roomID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoRoom)
		}
		member, err := isMember(ctx, tx, roomID, viewer.ID)
		if err != nil {
			return err
		}
		if !member {
			return ErrNoRoom
		}
		return fn(tx)
	})
}

func isMember(ctx context.Context, tx *sql.Tx, roomID, person int64) (bool, error) {
	var member bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM members WHERE room_id = $1 AND user_id = $2)`, roomID, person).Scan(&member)
	return member, err
}

// enter writes what somebody did to a room into its log.
func enter(ctx context.Context, tx *sql.Tx, roomID int64, author User, event Event, source string) (Message, error) {
	at := now().UnixMilli()
	var version int64
	err := tx.QueryRowContext(ctx, `
		UPDATE rooms SET version = version + 1, last_author_id = 0, last_posted_at = $2 WHERE id = $1 RETURNING version`, roomID, at).Scan(&version)
	if err != nil {
		return Message{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, renderer, continues, posted_at, event)
		VALUES ($1, $2, $2, $3, $4, $5, '', 0, FALSE, $6, $7)`, roomID, version, author.ID, rand.Text(), source, at, event)
	if err != nil {
		return Message{}, err
	}
	return scanMessage(tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.seq = $2`, roomID, version))
}

// MemberIDs returns the ids of the people of a private room.
func (s *Store) MemberIDs(ctx context.Context, roomID int64) ([]int64, error) {
	var ids []int64
	err := s.each(ctx, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT user_id FROM members WHERE room_id = $1`, roomID)
	return ids, err
}

// Members returns the people of a private room of a viewer's, by name.
func (s *Store) Members(ctx context.Context, viewer User, roomID int64) ([]User, error) {
	var members []User
	return members, s.each(ctx, func(row scanner) error {
		user, err := scanUser(row)
		members = append(members, user)
		return err
	}, `SELECT `+userColumns+` FROM members own JOIN members m ON m.room_id = own.room_id JOIN users u ON u.id = m.user_id
		WHERE own.user_id = $1 AND own.room_id = $2 ORDER BY u.username_key`, viewer.ID, roomID)
}
