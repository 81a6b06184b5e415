package store

import (
	"context"
	"slices"

	"plaza/store/database"
)

// MessagesBefore returns the messages of a room that come before seq, oldest first, at
// most limit, and whether there are older ones. Its cost does not grow with the room.
func (s *Store) MessagesBefore(ctx context.Context, room, seq int64, limit int) ([]Message, bool, error) {
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`, []any{room, seq, limit + 1})
	page, older := pageOf(messages, limit)
	return page, older, err
}

// pageOf makes a page of messages that were asked for newest first, and one more than the page
// holds, to know whether there are older ones.
func pageOf(messages []Message, limit int) (page []Message, older bool) {
	page = messages[:min(limit, len(messages))]
	slices.Reverse(page)
	return page, len(messages) > limit
}

// messages reads those that a query finds, and with each of them, the columns that come after
// its own.
func (s *Store) messages(ctx context.Context, query string, arguments []any, others ...any) ([]Message, error) {
	var messages []Message
	return messages, s.each(ctx, func(row database.Row) error {
		m, err := scanMessage(row, others...)
		messages = append(messages, m)
		return err
	}, query, arguments...)
}

// Newest is a room's latest page, all of one moment.
type Newest struct {
	Version  int64
	Messages []Message // oldest first
	Older    bool      // whether there are older ones
}

// NewestMessages returns a room's newest messages, at most limit, and the version they
// are of; none, and 0, of a room that has none. Its cost does not grow with the room.
func (s *Store) NewestMessages(ctx context.Context, room int64, limit int) (Newest, error) {
	var version int64
	// Of one moment, since it is one statement.
	messages, err := s.messages(ctx, `
		SELECT `+messageColumns+`, r.version
		FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
		WHERE m.room_id = $1 ORDER BY m.seq DESC LIMIT $2`, []any{room, limit + 1}, &version)
	page, older := pageOf(messages, limit)
	return Newest{version, page, older}, err
}

// Changes returns the final state of what changed in a room after a version and up to
// another, in the order of their versions. A message that changed more than once comes
// once, at its latest version.
func (s *Store) Changes(ctx context.Context, room, after, upTo int64) ([]Message, error) {
	return s.messages(ctx, `
		SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.version > $2 AND m.version <= $3 ORDER BY m.version`, []any{room, after, upTo})
}
