package store

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxMessageLength is the most a message's source may have, in Unicode code points.
const MaxMessageLength = 4000

// GroupWindow is how soon after one message the same author's next belongs to its group.
const GroupWindow = 5 * time.Minute

// Message is one entry of a room's log.
type Message struct {
	Room    int64
	Seq     int64 // its place in the room: the version at which it was posted
	Version int64 // the version of its latest change
	Nonce   string
	Author  User // ID, Username, DisplayName and Picture only
	Source  string
	HTML    string // the rendered body: safe, made by the renderer with number Renderer
	// Renderer is the number of the Markdown renderer that made HTML.
	Renderer int
	// Continues says that the message belongs to the group of the one before it: the
	// same author, within GroupWindow, on the same UTC day.
	Continues bool
	PostedAt  time.Time
	Erased    bool // keeps its place, and has no text any more
	Event     Event
}

// Event is what the author of an entry did to the room instead of writing; "" where they wrote.
type Event string

// The events of private rooms.
const (
	Joined Event = "joined"
	Left   Event = "left"  // and may not read the room from this version on
	Named  Event = "named" // the room: the entry's source is the name
)

// NewMessage is what is posted.
type NewMessage struct {
	Room     int64
	Author   User
	Nonce    string // made by the client; a repeat makes no second message
	Source   string
	HTML     string
	Renderer int
	Mentions []string // the usernames of those whom it mentions, of whom the first twenty are told

	Announced *Announcement // nil: the post was not announced
}

// CheckMessage returns an Invalid error where a message's source or nonce breaks a rule.
// It costs little, and so comes before rendering.
func CheckMessage(source, nonce string) error {
	switch {
	case !utf8.ValidString(source):
		return invalid("body", "The message is not valid text (UTF-8). Please type it again.")
	case strings.ContainsRune(source, 0):
		return invalid("body", "The message has a character in it that cannot be shown. Please remove it.")
	case strings.TrimFunc(source, isBlank) == "":
		return invalid("body", "There is nothing in the message yet: write something first.")
	case utf8.RuneCountInString(source) > MaxMessageLength:
		return invalid("body", "A message has at most 4,000 characters: please make it shorter, or two.")
	case nonce == "" || len(nonce) > 64 || !utf8.ValidString(nonce) || strings.ContainsFunc(nonce, unicode.IsControl):
		return invalid("nonce", "The message came without its number (nonce). Please reload the page and send it again.")
	}
	return nil
}

// isBlank tells characters that leave nothing to see: white space and format controls.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

const messageColumns = `m.room_id, m.seq, m.version, m.nonce, m.author_id, u.username, u.display_name, u.picture,
	m.source, m.html, m.renderer, m.continues, m.posted_at, m.erased, m.event`

// scanMessage reads the columns of a message, and those that come after them.
func scanMessage(row scanner, others ...any) (Message, error) {
	var m Message
	var posted int64
	err := row.Scan(append([]any{
		&m.Room, &m.Seq, &m.Version, &m.Nonce, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName, &m.Author.Picture,
		&m.Source, &m.HTML, &m.Renderer, &m.Continues, &posted, &m.Erased, &m.Event,
	}, others...)...)
	m.PostedAt = time.UnixMilli(posted).UTC()
	return m, err
}

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
	return messages, s.each(ctx, func(row scanner) error {
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
