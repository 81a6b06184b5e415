package store

import (
	"context"
	"database/sql"
	"errors"
)

// RoomKind says who may use a room. It never changes.
type RoomKind string

// The kinds of rooms.
const (
	Public RoomKind = "public" // for all users and visitors
	Pair   RoomKind = "pair"   // for two users, or a notebook for one
	Group  RoomKind = "group"  // for its members
)

// HasMembers tells whether only members may use a room. The store records how far each member has
// read.
func (k RoomKind) HasMembers() bool { return k == Pair || k == Group }

// knownKinds is the maximum number of rooms whose kinds are kept in memory.
const knownKinds = 50_000

// kindOf returns the kind of a room, or the empty string if there is no such room. It asks the
// database only for rooms that are not in memory, because kinds never change.
func (s *Store) kindOf(ctx context.Context, room int64) (RoomKind, error) {
	if kind, ok := s.kinds.Get(room); ok {
		return kind, nil
	}
	var kind RoomKind
	err := s.database.One(ctx, []any{&kind}, `SELECT kind FROM rooms WHERE id = $1`, room)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err == nil {
		s.kinds.Add(room, kind)
	}
	return kind, err
}
