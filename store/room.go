package store

import (
	"context"
	"database/sql"
	"errors"
)

// PublicRoom is the id of the public chat, the first room of each site.
const PublicRoom int64 = 1

// Room is a log of messages and the people who may read it.
type Room struct {
	ID      int64
	Kind    RoomKind
	Name    string // what people see: "Public chat", or what a group calls itself
	Other   User   // of a pair: the viewer's counterpart, or themselves where it is their notebook
	Version int64  // the number of changes so far
}

// RoomKind says whose a room is.
type RoomKind string

// The kinds of rooms.
const (
	Public RoomKind = "public" // everybody's
	Pair   RoomKind = "pair"   // two people's, or one's own
	Group  RoomKind = "group"
)

// RoomFor returns a room that the user may read; NotFound where there is none, or none
// for them. Every member may read a public room.
func (s *Store) RoomFor(ctx context.Context, _, roomID int64) (Room, error) {
	room := Room{ID: roomID}
	err := s.lookUp(ctx, `SELECT kind, name, version FROM rooms WHERE id = $1`, roomID).Scan(&room.Kind, &room.Name, &room.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return Room{}, errNoRoom
	}
	return room, err
}

var errNoRoom = &Error{Kind: NotFound, Message: "There is no such room. It may have been closed."}
