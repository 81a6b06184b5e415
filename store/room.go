package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// PublicRoom is the id of the public chat, the first room of each site.
const PublicRoom int64 = 1

// Room is a log of messages and the people who may read it, as one of them finds it.
type Room struct {
	ID    int64
	Kind  RoomKind
	Name  string // what people see: "Public chat", or what a group calls itself
	Other User   // of a pair: the viewer's counterpart, or themselves where it is their notebook
	// Notebook tells that it is a pair of one, which nobody but the viewer ever reads.
	Notebook bool
	Version  int64 // the number of changes so far
	// Of private rooms:
	State  int64  // how often that changed which the page shows beside the log
	ReadTo int64  // the version up to which the viewer has read
	Unread int    // how many messages of others came after that
	Closed string // why the viewer may not write there, in a sentence; "" where they may
}

// RoomKind says whose a room is.
type RoomKind string

// The kinds of rooms.
const (
	Public RoomKind = "public" // everybody's
	Pair   RoomKind = "pair"   // two people's, or one's own
	Group  RoomKind = "group"
)

// IsPrivate tells whether a room is for its members alone.
func IsPrivate(roomID int64) bool { return roomID != PublicRoom }

// RoomFor returns a room that the user may read; NotFound where there is none, or none
// for them, which is the same and takes the same time. Everybody may read the public chat.
func (s *Store) RoomFor(ctx context.Context, userID, roomID int64) (Room, error) {
	if IsPrivate(roomID) {
		return s.privateRoom(ctx, `m.room_id = $1 AND m.user_id = $2`, roomID, userID)
	}
	room := Room{ID: roomID, Kind: Public}
	err := s.lookUp(ctx, `SELECT name, version FROM rooms WHERE id = $1`, roomID).Scan(&room.Name, &room.Version)
	return room, err
}

// privateRoom returns the room of the one membership that a condition picks; NotFound where there
// is none.
func (s *Store) privateRoom(ctx context.Context, condition string, arguments ...any) (Room, error) {
	room, err := scanRoom(s.lookUp(ctx, `SELECT `+roomColumns+` FROM `+membersRooms+` WHERE `+condition, arguments...))
	if errors.Is(err, sql.ErrNoRows) {
		return Room{}, ErrNoRoom
	}
	return room, err
}

// ErrNoRoom is the same for rooms that do not exist and those that are not for the viewer.
var ErrNoRoom = &Error{Kind: NotFound, Message: "There is no such room. It may have been closed."}

// membersRooms are private rooms as each of their members m finds them, with the counterpart u of
// the member in a pair: in others that is the member.
const membersRooms = `members m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = ` + counterpart

const counterpart = `CASE WHEN r.kind = 'pair' THEN r.low_id + r.high_id - m.user_id ELSE m.user_id END`

// roomColumns are of a row of membersRooms.
const roomColumns = `r.id, r.kind, r.kind = 'pair' AND r.low_id = r.high_id, r.name, r.version, r.state, m.read_to, m.unread, ` + closing + `, ` + userColumns

// closing is why member m may not write in room r, of a row of membersRooms; ” where they may.
// Whoever is blocked reads what others do who are no friends.
const closing = `CASE WHEN r.kind <> 'pair' OR u.id = m.user_id THEN ''
	WHEN u.deleted_at > 0 THEN 'deleted'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = m.user_id AND blocked_id = u.id) THEN 'blocked'
	WHEN u.private_from = 'nobody' THEN 'nobody'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = u.id AND blocked_id = m.user_id) THEN 'friends'
	WHEN u.private_from = 'anyone' OR EXISTS (SELECT 1 FROM friends WHERE user_id = m.user_id AND friend_id = u.id) THEN ''
	ELSE 'friends' END`

// closed puts into words why somebody may not be written to.
func closed(reason string, other User) string {
	switch reason {
	case "":
		return ""
	case "deleted":
		return "This account was deleted. What was said stays readable."
	case "blocked":
		return fmt.Sprintf("You have blocked %s. Unblock them to write.", other.Name())
	case "nobody":
		return other.Name() + " takes no private messages."
	}
	return other.Name() + " takes private messages from friends."
}

// scanRoom reads the columns of a room, and those that come after them.
func scanRoom(row scanner, others ...any) (Room, error) {
	var r Room
	var reason string
	user := &userRow{}
	err := row.Scan(append(append([]any{
		&r.ID, &r.Kind, &r.Notebook, &r.Name, &r.Version, &r.State, &r.ReadTo, &r.Unread, &reason,
	}, user.columns()...), others...)...)
	r.Other = user.user()
	r.Closed = closed(reason, r.Other)
	return r, err
}
