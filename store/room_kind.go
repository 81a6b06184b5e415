package store

import (
	"context"
	"database/sql"
	"errors"
)

// RoomKind says who a room is for. It never changes.
type RoomKind string

// The kinds of rooms.
const (
	Public RoomKind = "public" // for everybody
	Pair   RoomKind = "pair"   // for two people, or a notebook for one
	Group  RoomKind = "group"  // for its members
)

// HasMembers tells whether a room is for its members alone. The store then keeps how far each of
// them has read.
func (k RoomKind) HasMembers() bool { return k == Pair || k == Group }

// knownKinds is how many rooms' kinds are kept in memory.
const knownKinds = 50_000

// kindOf returns the kind of a room; "" where there is no such room. A kind never changes, so that
// the database is asked once for those rooms that are in use.
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
