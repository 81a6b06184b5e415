package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"plaza/store/database"
)

// This file alone decides what a user may do in a room. Pages, posts, live connections, catching
// up, notifications and everything else that shows messages ask here. A new kind of room with other
// rules changes no other file.

// Access is what a viewer may do in a room.
type Access struct {
	Read     bool
	Write    bool
	Moderate bool
	Pin      bool
}

// ClosedReason says why a member may not write in a room. It is the empty string if the member may.
type ClosedReason string

// The reasons why a room is closed for a member.
const (
	ClosedByDeletion ClosedReason = "deleted" // the other member's account was deleted
	ClosedByBlock    ClosedReason = "blocked" // the member has blocked the other member
	ClosedToAll      ClosedReason = "nobody"  // the other member takes no private messages
	ClosedToOthers   ClosedReason = "friends" // the other member takes private messages from friends only
)

// ErrNoRoom is the error for rooms that do not exist and for rooms that the viewer may not read. It
// is the same, so that viewers cannot find out which rooms exist.
var ErrNoRoom = &Error{Kind: NotFound, Code: CodeRoomUnknown}

// readableBy returns the SQL condition that a viewer may read room r. The viewer is an SQL
// expression.
func readableBy(viewer string) string {
	return `(r.kind = 'public' OR EXISTS (SELECT 1 FROM members reader
		WHERE reader.room_id = r.id AND reader.user_id = ` + viewer + `))`
}

// writableBy returns the SQL condition that a viewer may write in room r. The viewer's account must
// exist.
func writableBy(viewer string) string {
	return `(r.kind = 'public' OR EXISTS (SELECT 1 FROM members writer JOIN users u ON u.id = ` + counterpartOf(viewer) +
		` WHERE writer.room_id = r.id AND writer.user_id = ` + viewer + ` AND ` + closedReasonFor(viewer) + ` = ''))`
}

// pinnableBy returns the SQL condition that a viewer may pin messages in room r: the owner in the public chat, and every
// member in a private room.
func pinnableBy(viewer string) string {
	return `CASE WHEN r.kind = 'public' THEN EXISTS (SELECT 1 FROM users owner
		WHERE owner.id = ` + viewer + ` AND owner.role = 'owner' AND owner.deleted_at = 0) ELSE ` + readableBy(viewer) + ` END`
}

// counterpartOf returns the SQL expression for the id of the other member of pair r. In other rooms
// it is the viewer's id.
func counterpartOf(viewer string) string {
	return `CASE WHEN r.kind = 'pair' THEN r.low_id + r.high_id - ` + viewer + ` ELSE ` + viewer + ` END`
}

// closedReasonFor returns the SQL expression for the ClosedReason of a viewer who may read room r.
// The user u is the counterpart. A blocked viewer gets the same reason as anyone who is not a
// friend.
func closedReasonFor(viewer string) string {
	return `CASE WHEN r.kind <> 'pair' OR u.id = ` + viewer + ` THEN ''
	WHEN u.deleted_at > 0 THEN 'deleted'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = ` + viewer + ` AND blocked_id = u.id) THEN 'blocked'
	WHEN u.private_from = 'nobody' THEN 'nobody'
	WHEN EXISTS (SELECT 1 FROM blocks WHERE blocker_id = u.id AND blocked_id = ` + viewer + `) THEN 'friends'
	WHEN u.private_from = 'anyone' OR EXISTS (SELECT 1 FROM friends
		WHERE user_id = ` + viewer + ` AND friend_id = u.id) THEN ''
	ELSE 'friends' END`
}

// RoomFor returns a room that a user may read. For a visitor, the user id is 0. It returns
// ErrNoRoom if there is no such room or the user may not read it, and takes the same time for both.
func (s *Store) RoomFor(ctx context.Context, userID, roomID int64) (Room, error) {
	room, err := s.roomFor(ctx, roomByID, userID, roomID)
	if userID == 0 {
		room.Access.Write = false
	}
	return room, err
}

var (
	roomsOfViewer = `SELECT ` + roomColumns("$1") + `, ` + publicReadColumns("$1") + `, ` + pinnedColumn + `, ` + draftedBy("$1") + ` FROM rooms r
		LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1 LEFT JOIN users u ON u.id = ` + counterpartOf("$1") + `
		WHERE ` + readableBy("$1") + ` AND `
	roomByID   = roomsOfViewer + `r.id = $2`
	roomByPair = roomsOfViewer + `r.kind = 'pair' AND r.low_id = $2 AND r.high_id = $3`
)

// roomFor returns the room that a query of roomsOfViewer finds.
func (s *Store) roomFor(ctx context.Context, query string, arguments ...any) (Room, error) {
	var publicReadTo, publicLeftAt int64
	var pinned string
	var drafted bool
	room, err := scanRoom(s.queryRow(ctx, query, arguments...), &publicReadTo, &publicLeftAt, &pinned, &drafted)
	room.Pinned, room.Drafted = pinned, drafted
	if room.Kind == Public {
		room.ReadTo, room.PublicLeftAt = publicReadTo, publicLeftAt
	}
	if errors.Is(err, sql.ErrNoRows) {
		return Room{}, ErrNoRoom
	}
	if err == nil {
		s.kinds.Add(room.ID, room.Kind)
	}
	return room, err
}

// closedError returns the error of writing in a room that is closed for the viewer.
func (r Room) closedError() error {
	return &Error{Kind: Invalid, Code: CodeRoomClosed, Args: Args{Closed: r.Closed, Name: r.Other.Name()}}
}

// MayWrite tells whether a user may write in a room. The kind is NotFound if the user may not read
// the room.
func (s *Store) MayWrite(ctx context.Context, userID, roomID int64) (bool, error) {
	room, err := s.RoomFor(ctx, userID, roomID)
	return room.Access.Write, err
}

// Outsiders returns those of the given users who may not read a room.
func (s *Store) Outsiders(ctx context.Context, roomID int64, users []int64) ([]int64, error) {
	reads := map[int64]bool{}
	err := inParts(users, func(some []int64) error {
		ids := database.Arguments(some)
		return s.each(ctx, func(row database.Row) error {
			var id int64
			err := row.Scan(&id)
			reads[id] = true
			return err
		}, `SELECT p.id FROM rooms r JOIN users p ON p.id IN (`+database.Placeholders(len(ids))+`)
			WHERE r.id = $`+strconv.Itoa(len(ids)+1)+` AND p.deleted_at = 0 AND `+readableBy("p.id"), append(ids, roomID)...)
	})
	return slices.DeleteFunc(slices.Clone(users), func(user int64) bool { return reads[user] }), err
}
