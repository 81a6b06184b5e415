package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"plaza/store/database"
)

// LeaveGroup removes a viewer from a group, and returns the entry that says so. FinishDeletions
// removes a group without members, which nobody can read.
func (s *Store) LeaveGroup(ctx context.Context, viewer User, roomID int64) (Message, error) {
	var entry Message
	err := s.inGroupTx(ctx, viewer, roomID, func(tx *database.Tx) error {
		var err error
		entry, err = s.leave(ctx, tx, viewer, roomID)
		return err
	})
	return entry, err
}

// leftAtOnce is how many groups one transaction of LeaveGroups leaves. Other writes come between two of
// them.
const leftAtOnce = 20

// LeaveGroups removes a viewer from all groups that the viewer is in, a few at a time. It calls left with
// the entries that say so, as soon as they are committed.
func (s *Store) LeaveGroups(ctx context.Context, viewer User, left func(entries []Message) error) error {
	var groups []int64
	err := s.each(ctx, func(row database.Row) error {
		var group int64
		err := row.Scan(&group)
		groups = append(groups, group)
		return err
	}, groupsOf, viewer.ID)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(groups, leftAtOnce) {
		var entries []Message
		err := s.InTx(ctx, func(tx *database.Tx) error {
			entries = nil
			for _, group := range some {
				err := lockGroup(ctx, tx, viewer, group)
				if errors.Is(err, ErrNoRoom) {
					continue // the viewer has left it since
				}
				if err != nil {
					return err
				}
				entry, err := s.leave(ctx, tx, viewer, group)
				if err != nil {
					return err
				}
				entries = append(entries, entry)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := left(entries); err != nil {
			return err
		}
	}
	return nil
}

// CountGroups returns how many groups a user is in.
func (s *Store) CountGroups(ctx context.Context, user User) (int, error) {
	var count int
	err := s.queryRow(ctx, `SELECT count(*) FROM (`+groupsOf+`) AS found`, user.ID).Scan(&count)
	return count, err
}

// groupsOf finds the groups of a user. Transactions lock their rows in this order.
const groupsOf = `SELECT m.room_id FROM members m JOIN rooms r ON r.id = m.room_id
	WHERE m.user_id = $1 AND r.kind = 'group' ORDER BY m.room_id`

// HasJustLeft tells whether leaving a group is the last thing that a user did in any room.
func (s *Store) HasJustLeft(ctx context.Context, user User, roomID int64) (bool, error) {
	var left bool
	err := s.queryRow(ctx, `SELECT room_id = $2 AND event = $3 FROM messages WHERE author_id = $1 ORDER BY id DESC LIMIT 1`,
		user.ID, roomID, string(Left)).Scan(&left)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return left, err
}

// leave removes a member from a group whose row is locked.
func (s *Store) leave(ctx context.Context, tx *database.Tx, member User, roomID int64) (Message, error) {
	entry, err := s.addEvent(ctx, tx, roomID, member.ID, Left, "")
	if err != nil {
		return Message{}, err
	}
	for _, statement := range []string{
		`DELETE FROM members WHERE room_id = $1 AND user_id = $2`,
		`DELETE FROM notifications WHERE room_id = $1 AND user_id = $2`,
		deleteDraft,
	} {
		if _, err := tx.ExecContext(ctx, statement, roomID, member.ID); err != nil {
			return Message{}, err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE rooms SET abandoned = TRUE
		WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM members WHERE room_id = $1)`, roomID)
	return entry, err
}

// abandonedPairs finds the pairs in which a user is the last member.
const abandonedPairs = `SELECT m.room_id FROM members m JOIN rooms r ON r.id = m.room_id
	WHERE m.user_id = $1 AND r.kind = 'pair'
	AND NOT EXISTS (SELECT 1 FROM members o WHERE o.room_id = m.room_id AND o.user_id <> $1)`

// leaveRooms removes a user from all private rooms, whose rows are locked, and adds the new
// versions of groups to versions. The messages of a pair stay until the other member leaves too. A
// notebook is removed.
func (s *Store) leaveRooms(ctx context.Context, tx *database.Tx, member User, versions map[int64]int64) error {
	rows, err := tx.QueryContext(ctx, groupsOf, member.ID)
	if err != nil {
		return err
	}
	groups, err := readIDs(rows)
	if err != nil {
		return err
	}
	for _, group := range groups {
		entry, err := s.leave(ctx, tx, member, group)
		if err != nil {
			return err
		}
		versions[group] = entry.Version
	}
	for _, statement := range []string{
		`UPDATE rooms SET abandoned = TRUE WHERE id IN (` + abandonedPairs + `)`,
		`DELETE FROM members WHERE user_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, member.ID); err != nil {
			return err
		}
	}
	return nil
}
