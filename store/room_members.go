package store

import (
	"context"
	"database/sql"
	"errors"

	"plaza/store/database"
)

// MaxMembers is the maximum number of members of a group. MaxGroups is how many groups a user can be in
// and still be put into another one, since that needs no consent.
const (
	MaxMembers = 20
	MaxGroups  = 100
)

// friendsNamed returns the ids of a viewer's friends with these usernames. It locks their accounts
// until the transaction ends. The kind is Invalid if there are no usernames, or if one of them
// belongs to a user who is not a friend, takes no private messages or is in MaxGroups.
func friendsNamed(ctx context.Context, tx *database.Tx, viewer User, usernames []string) ([]int64, error) {
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
		friend, err := scanPerson(tx.QueryRowContext(ctx,
			`SELECT `+personColumns+`, u.private_from FROM friends f JOIN users u ON u.id = f.friend_id
			WHERE f.user_id = $1 AND u.username_key = $2`, viewer.ID, key), &from)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil, errNotFriend
		case err != nil:
			return nil, err
		case from == Nobody:
			return nil, &Error{
				Kind:   Invalid,
				Fields: map[string]Problem{"people": {CodeRoomClosed, Args{Closed: ClosedToAll, Name: friend.Name()}}},
			}
		}
		friends = append(friends, friend.ID)
	}
	if len(friends) == 0 {
		return nil, InvalidField("people", CodeGroupEmpty)
	}
	err := lockUsers(ctx, tx, append(friends, viewer.ID)...)
	if KindOf(err) == NotFound {
		err = errNotFriend
	}
	if err != nil {
		return nil, err
	}
	return friends, checkJoining(ctx, tx, viewer, friends)
}

// checkJoining returns an Invalid error if one of a viewer's friends is in MaxGroups, or is no friend any
// more. Their accounts are locked, so that neither changes before the transaction ends: a block, for
// example, locks them too.
func checkJoining(ctx context.Context, tx *database.Tx, viewer User, friends []int64) error {
	for _, friend := range friends {
		var isFriend bool
		var groups int
		person, err := scanPerson(tx.QueryRowContext(ctx, `SELECT `+personColumns+`,
				EXISTS (SELECT 1 FROM friends f WHERE f.user_id = $1 AND f.friend_id = u.id),
				(SELECT count(*) FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user_id = u.id AND r.kind = 'group')
			FROM users u WHERE u.id = $2`, viewer.ID, friend), &isFriend, &groups)
		switch {
		case err != nil:
			return err
		case !isFriend:
			return errNotFriend
		case groups >= MaxGroups:
			return &Error{
				Kind: Invalid, Fields: map[string]Problem{"people": {CodeTooManyGroups, Args{Name: person.Name()}}},
			}
		}
	}
	return nil
}

var errNotFriend = InvalidField("people", CodeGroupNotFriends)

// join makes users members of a room. The messages that are already there count as read.
func join(ctx context.Context, tx *database.Tx, room int64, people []int64) error {
	for _, person := range people {
		_, err := tx.ExecContext(ctx, `INSERT INTO members (room_id, user_id, since, read_to)
			SELECT id, $2, $3, version FROM rooms WHERE id = $1`, room, person, now().UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// AddMembers adds friends of a viewer to the viewer's group, and returns the entries that say so.
// New members may read all earlier messages. AddMembers skips users who are members already. The
// kind is Invalid if there are no usernames, if one of them is not a friend's, or if the group
// would be too large.
func (s *Store) AddMembers(ctx context.Context, viewer User, roomID int64, usernames []string) ([]Message, error) {
	var joined []Message
	err := s.inGroupTx(ctx, viewer, roomID, func(tx *database.Tx) error {
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
			entry, err := s.addEvent(ctx, tx, roomID, friend, Joined, "")
			if err != nil {
				return err
			}
			if err := join(ctx, tx, roomID, []int64{friend}); err != nil {
				return err
			}
			joined = append(joined, entry)
		}
		var count int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM members WHERE room_id = $1`,
			roomID).Scan(&count); err != nil {
			return err
		}
		if count > MaxMembers {
			return errFull
		}
		return nil
	})
	return joined, err
}

// inGroupTx runs fn in a transaction that locks a group's row. Other writers of the group wait for
// it. The kind is NotFound if the viewer is not a member of such a group.
func (s *Store) inGroupTx(ctx context.Context, viewer User, roomID int64, fn func(tx *database.Tx) error) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockGroup(ctx, tx, viewer, roomID); err != nil {
			return err
		}
		return fn(tx)
	})
}

// lockGroup locks a group's row. It returns ErrNoRoom if the viewer is not a member of such a group.
func lockGroup(ctx context.Context, tx *database.Tx, viewer User, roomID int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE rooms SET state = state + 1 WHERE id = $1 AND kind = 'group'`, roomID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoRoom)
	}
	member, err := isMember(ctx, tx, roomID, viewer.ID)
	if err == nil && !member {
		err = ErrNoRoom
	}
	return err
}

func isMember(ctx context.Context, tx *database.Tx, roomID, person int64) (bool, error) {
	var member bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM members WHERE room_id = $1 AND user_id = $2)`,
		roomID, person).Scan(&member)
	return member, err
}

// MemberIDs returns the ids of the members of a room.
func (s *Store) MemberIDs(ctx context.Context, roomID int64) ([]int64, error) {
	var ids []int64
	err := s.each(ctx, func(row database.Row) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT user_id FROM members WHERE room_id = $1`, roomID)
	return ids, err
}

// Members returns the members of a room by username. It returns none if the viewer is not one of
// them.
func (s *Store) Members(ctx context.Context, viewer User, roomID int64) ([]Person, error) {
	return s.people(ctx, `SELECT `+personColumns+` FROM members own JOIN members m ON m.room_id = own.room_id
		JOIN users u ON u.id = m.user_id
		WHERE own.user_id = $1 AND own.room_id = $2 ORDER BY u.username_key`, viewer.ID, roomID)
}
