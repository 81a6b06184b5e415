package store

import (
	"context"
	"slices"

	"plaza/store/database"
)

// MessagesBefore returns up to limit messages of a room before seq, oldest first, and whether there
// are older ones. Its cost does not grow with the room.
func (s *Store) MessagesBefore(ctx context.Context, room, seq int64, limit int) ([]Message, bool, error) {
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+fromMessages+`
		WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`, []any{room, seq, limit + 1})
	page, older := pageOf(messages, limit)
	return page, older, err
}

// MessagesFrom returns up to limit messages of a room from seq to another, oldest first, and whether there are more
// of them. Its cost does not grow with the room.
func (s *Store) MessagesFrom(ctx context.Context, room, seq, upTo int64, limit int) ([]Message, bool, error) {
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+fromMessages+`
		WHERE m.room_id = $1 AND m.seq >= $2 AND m.seq <= $3 ORDER BY m.seq LIMIT $4`, []any{room, seq, upTo, limit + 1})
	return messages[:min(limit, len(messages))], len(messages) > limit, err
}

// Part is consecutive messages of a room.
type Part struct {
	Messages []Message // oldest first
	Older    bool      // whether there are older ones
	Newer    bool      // whether there are newer ones
}

// MessagesAround returns up to before messages of a room that are older than seq, and up to after of the others. It
// returns none that is later than the version of room, since its viewer may have left after it.
func (s *Store) MessagesAround(ctx context.Context, room Room, seq int64, before, after int) (Part, error) {
	var part Part
	seq = min(seq, room.Version+1)
	newer, more, err := s.MessagesFrom(ctx, room.ID, seq, room.Version, after)
	if err != nil {
		return Part{}, err
	}
	part.Newer = more
	part.Messages, part.Older, err = s.MessagesBefore(ctx, room.ID, seq, before)
	part.Messages = append(part.Messages, newer...)
	return part, err
}

// pageOf makes a page from messages that are sorted newest first and number one more than limit if
// there are older ones.
func pageOf(messages []Message, limit int) (page []Message, older bool) {
	page = messages[:min(limit, len(messages))]
	slices.Reverse(page)
	return page, len(messages) > limit
}

// messages reads the messages that a query finds. It reads the columns after messageColumns into
// others.
func (s *Store) messages(ctx context.Context, query string, arguments []any, others ...any) ([]Message, error) {
	var messages []Message
	err := s.each(ctx, func(row database.Row) error {
		m, err := scanMessage(row, others...)
		messages = append(messages, m)
		return err
	}, query, arguments...)
	return messages, err
}

// Newest is the latest page of a room, in one consistent state.
type Newest struct {
	Version  int64
	History  History
	Messages []Message // oldest first
	Older    bool      // whether there are older ones
}

// NewestMessages returns up to limit of a room's newest messages, and the room's version at that
// moment. The version and the history are zero if the room has no messages. The cost does not grow with the room.
func (s *Store) NewestMessages(ctx context.Context, room int64, limit int) (Newest, error) {
	var version int64
	// One statement, so that the messages and the version belong together.
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+`, r.version`+fromMessages+`
		WHERE m.room_id = $1 ORDER BY m.seq DESC LIMIT $2`, []any{room, limit + 1}, &version)
	page, older := pageOf(messages, limit)
	newest := Newest{Version: version, Messages: page, Older: older}
	if len(page) > 0 {
		newest.History = page[0].History
	}
	return newest, err
}

// Changes returns the current state of the messages that changed in a room after a version and up
// to another, ordered by version. A message that changed more than once is returned once, at its
// latest version.
func (s *Store) Changes(ctx context.Context, room, after, upTo int64) ([]Message, error) {
	return s.messages(ctx, `
		SELECT `+messageColumns+fromMessages+`
		WHERE m.room_id = $1 AND m.version > $2 AND m.version <= $3 ORDER BY m.version`, []any{room, after, upTo})
}
