package store

import (
	"context"
	"database/sql"
	"errors"
)

// MayWrite tells whether somebody may write in a room.
func (s *Store) MayWrite(ctx context.Context, userID, roomID int64) (bool, error) {
	room, err := s.RoomFor(ctx, userID, roomID)
	return err == nil && room.Closed == "", err
}

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
var ErrNoRoom = &Error{Kind: NotFound, Code: CodeRoomUnknown}

// closing is the ClosedReason of member m in room r, of a row of membersRooms.
// Whoever is blocked reads what others do who are no friends.
const closing = `CASE WHEN r.kind <> 'pair' OR u.id = m.user_id THEN ''
	WHEN u.deleted_at > 0 THEN 'deleted'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = m.user_id AND blocked_id = u.id) THEN 'blocked'
	WHEN u.private_from = 'nobody' THEN 'nobody'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = u.id AND blocked_id = m.user_id) THEN 'friends'
	WHEN u.private_from = 'anyone' OR EXISTS (SELECT 1 FROM friends WHERE user_id = m.user_id AND friend_id = u.id) THEN ''
	ELSE 'friends' END`

// ClosedReason says why somebody may not write in a room; "" where they may.
type ClosedReason string

// The reasons why a room is closed for one of its members.
const (
	ClosedByDeletion ClosedReason = "deleted" // the other's account was deleted
	ClosedByBlock    ClosedReason = "blocked" // the member has blocked the other
	ClosedToAll      ClosedReason = "nobody"  // the other takes no private messages
	ClosedToOthers   ClosedReason = "friends" // the other takes private messages from friends
)
