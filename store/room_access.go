package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"plaza/store/database"
)

// What somebody may do in a room is decided in this file alone, for pages, posts, live connections,
// catching up, notifications and whatever else shows what was said. A kind of room that has other
// rules changes nothing elsewhere.

// Access is what a viewer may do in a room.
type Access struct {
	Read     bool
	Write    bool
	Moderate bool
}

// ClosedReason says why somebody may not write in a room; "" where they may.
type ClosedReason string

// The reasons why a room is closed for one of its members.
const (
	ClosedByDeletion ClosedReason = "deleted" // the other's account was deleted
	ClosedByBlock    ClosedReason = "blocked" // the member has blocked the other
	ClosedToAll      ClosedReason = "nobody"  // the other takes no private messages
	ClosedToOthers   ClosedReason = "friends" // the other takes private messages from friends
)

// ErrNoRoom is the same for rooms that do not exist and those that the viewer may not read.
var ErrNoRoom = &Error{Kind: NotFound, Code: CodeRoomUnknown}

// readableBy is the condition that a viewer may read room r. The viewer is an expression.
func readableBy(viewer string) string {
	return `(r.kind = 'public' OR EXISTS (SELECT 1 FROM members reader WHERE reader.room_id = r.id AND reader.user_id = ` + viewer + `))`
}

// writableBy is the condition that a viewer, whose account exists, may write in room r.
func writableBy(viewer string) string {
	return `(r.kind = 'public' OR EXISTS (SELECT 1 FROM members writer JOIN users u ON u.id = ` + counterpartOf(viewer) +
		` WHERE writer.room_id = r.id AND writer.user_id = ` + viewer + ` AND ` + closedReasonFor(viewer) + ` = ''))`
}

// counterpartOf is the id of the other person in a pair r, or else the viewer's own.
func counterpartOf(viewer string) string {
	return `CASE WHEN r.kind = 'pair' THEN r.low_id + r.high_id - ` + viewer + ` ELSE ` + viewer + ` END`
}

// closedReasonFor is the ClosedReason of a viewer who may read room r. The user u is the counterpart. A blocked
// viewer gets the same reason as anyone who is not a friend.
func closedReasonFor(viewer string) string {
	return `CASE WHEN r.kind <> 'pair' OR u.id = ` + viewer + ` THEN ''
	WHEN u.deleted_at > 0 THEN 'deleted'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = ` + viewer + ` AND blocked_id = u.id) THEN 'blocked'
	WHEN u.private_from = 'nobody' THEN 'nobody'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = u.id AND blocked_id = ` + viewer + `) THEN 'friends'
	WHEN u.private_from = 'anyone' OR EXISTS (SELECT 1 FROM friends WHERE user_id = ` + viewer + ` AND friend_id = u.id) THEN ''
	ELSE 'friends' END`
}

// RoomFor returns a room that a user may read, or a visitor, whose id is 0. It is NotFound where
// there is none, or none for them, which is the same and takes the same time.
func (s *Store) RoomFor(ctx context.Context, userID, roomID int64) (Room, error) {
	room, err := s.roomFor(ctx, roomByID, userID, roomID)
	if userID == 0 {
		room.Access.Write = false
	}
	return room, err
}

var (
	roomsOfViewer = `SELECT ` + roomColumns("$1") + ` FROM rooms r
		LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 LEFT JOIN users u ON u.id = ` + counterpartOf("$1") + `
		WHERE ` + readableBy("$1") + ` AND `
	roomByID   = roomsOfViewer + `r.id = $2`
	roomByPair = roomsOfViewer + `r.kind = 'pair' AND r.low_id = $2 AND r.high_id = $3`
)

// roomFor returns the room that a query of roomsOfViewer finds.
func (s *Store) roomFor(ctx context.Context, query string, arguments ...any) (Room, error) {
	room, err := scanRoom(s.queryRow(ctx, query, arguments...))
	if errors.Is(err, sql.ErrNoRows) {
		return Room{}, ErrNoRoom
	}
	if err == nil {
		s.kinds.Add(room.ID, room.Kind)
	}
	return room, err
}

// MayWrite tells whether a user may write in a room. It is NotFound where they may not read it.
func (s *Store) MayWrite(ctx context.Context, userID, roomID int64) (bool, error) {
	room, err := s.RoomFor(ctx, userID, roomID)
	return room.Access.Write, err
}

// Outsiders returns those of some users who may not read a room.
func (s *Store) Outsiders(ctx context.Context, roomID int64, users []int64) ([]int64, error) {
	if len(users) == 0 {
		return nil, nil
	}
	ids := database.Arguments(users)
	reads := map[int64]bool{}
	err := s.each(ctx, func(row database.Row) error {
		var id int64
		err := row.Scan(&id)
		reads[id] = true
		return err
	}, `SELECT p.id FROM rooms r JOIN users p ON p.id IN (`+database.Placeholders(len(ids))+`)
		WHERE r.id = $`+strconv.Itoa(len(ids)+1)+` AND p.deleted_at = 0 AND `+readableBy("p.id"), append(ids, roomID)...)
	return slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return reads[user] }), err
}
