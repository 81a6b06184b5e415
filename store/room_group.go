package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// CreateGroup makes a group of a viewer and the viewer's friends with these usernames. The kind is
// Invalid if the name breaks a rule, if there are no usernames, or if one of them is not a
// friend's.
func (s *Store) CreateGroup(ctx context.Context, viewer User, name string, usernames []string) (Room, error) {
	return s.CreateGroupOnce(ctx, viewer, rand.Text(), name, usernames)
}

// CreateGroupOnce is CreateGroup for a form that may be sent twice. With the same nonce, name and usernames it makes
// one group, and returns it each time.
func (s *Store) CreateGroupOnce(ctx context.Context, viewer User, nonce, name string, usernames []string) (Room, error) {
	name, unnamed := groupName(name)
	id := roomIDOf(fmt.Sprintf("%d %q %q %q", viewer.ID, nonce, name, usernames))
	err := s.InTx(ctx, func(tx *database.Tx) error {
		if repeats, err := isMember(ctx, tx, id, viewer.ID); err != nil || repeats {
			return err
		}
		friends, err := friendsNamed(ctx, tx, viewer, usernames)
		if err := JoinInvalid(unnamed, err); err != nil {
			return err
		}
		at := now().UnixMilli()
		made, err := tx.ExecContext(ctx, `INSERT INTO rooms (id, name, kind, last_posted_at) VALUES ($1, $2, 'group', $3)
			ON CONFLICT (id) DO NOTHING`, id, name, at)
		if err != nil {
			return err
		}
		if n, err := made.RowsAffected(); err != nil || n == 0 { // a repeat has made it meanwhile
			return err
		}
		return join(ctx, tx, id, append(friends, viewer.ID))
	})
	if err != nil {
		return Room{}, err
	}
	return s.RoomFor(ctx, viewer.ID, id)
}

// roomIDOf returns the id of the room that a form makes. It is like those of newRoomID.
func roomIDOf(form string) int64 {
	sum := sha256.Sum256([]byte(form))
	return int64(binary.BigEndian.Uint64(sum[:])%(1<<53-2)) + 2 //nolint:gosec // it is less than 1<<53
}

// groupName returns a group's name in normal form, or an Invalid error if it breaks a rule.
func groupName(name string) (string, error) {
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	problem := checkDisplayName(name)
	if name == "" {
		problem = CodeGroupNameMissing
	}
	if problem != "" {
		return "", InvalidField("name", problem)
	}
	return name, nil
}

var errFull = InvalidField("people", CodeGroupFull)

// NameGroup changes a group's name, and returns the entry that says so. The kind is NotFound if the
// viewer is not a member of such a group.
func (s *Store) NameGroup(ctx context.Context, viewer User, roomID int64, name string) (Message, error) {
	name, err := groupName(name)
	if err != nil {
		return Message{}, err
	}
	at := now()
	naming := &change{room: roomID, at: at}
	naming.write = func(p place) []*database.Statement {
		return []*database.Statement{
			{
				Query:     `UPDATE rooms SET name = $2, state = state + 1 WHERE id = $1 AND kind = 'group'`,
				Arguments: []any{roomID, name},
			},
			{Query: insertEvent, Arguments: eventArguments(roomID, p.later, viewer.ID, Named, name, at)},
		}
	}
	naming.refusal = func(ctx context.Context) error {
		room, err := s.RoomFor(ctx, viewer.ID, roomID)
		if err == nil && room.Kind != Group {
			err = ErrNoRoom
		}
		return err
	}
	if err := s.commit(ctx, naming); err != nil {
		return Message{}, err
	}
	return scanMessage(s.queryRow(ctx, messageAt, roomID, naming.version))
}
