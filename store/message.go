package store

import (
	"context"
	"database/sql"
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
	Author  User // ID, Username and DisplayName only
	Source  string
	HTML    string // the rendered body: safe, made by the renderer with number Renderer
	// Renderer is the number of the Markdown renderer that made HTML.
	Renderer int
	// Continues says that the message belongs to the group of the one before it: the
	// same author, within GroupWindow, on the same UTC day.
	Continues bool
	PostedAt  time.Time
}

// NewMessage is what is posted.
type NewMessage struct {
	Room     int64
	Author   User
	Nonce    string // made by the client; a repeat makes no second message
	Source   string
	HTML     string
	Renderer int
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

const messageColumns = `m.room_id, m.seq, m.version, m.nonce, m.author_id, u.username, u.display_name,
	m.source, m.html, m.renderer, m.continues, m.posted_at`

func scanMessage(row interface{ Scan(...any) error }) (Message, error) {
	var m Message
	var posted int64
	err := row.Scan(&m.Room, &m.Seq, &m.Version, &m.Nonce, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName,
		&m.Source, &m.HTML, &m.Renderer, &m.Continues, &posted)
	m.PostedAt = time.UnixMilli(posted).UTC()
	return m, err
}

// MessagesBefore returns the messages of a room that come before seq, oldest first, at
// most limit, and whether there are older ones. Its cost does not grow with the room.
func (s *Store) MessagesBefore(ctx context.Context, room, seq int64, limit int) ([]Message, bool, error) {
	statement, err := s.prepared(ctx, messagesBefore)
	if err != nil {
		return nil, false, err
	}
	return pageOf(ctx, statement, room, seq, limit)
}

const messagesBefore = `SELECT ` + messageColumns + ` FROM messages m JOIN users u ON u.id = m.author_id
	WHERE m.room_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`

// pageOf asks for one message more than the page holds, to know whether there are older ones.
func pageOf(ctx context.Context, statement *sql.Stmt, room, seq int64, limit int) ([]Message, bool, error) {
	rows, err := statement.QueryContext(ctx, room, seq, limit+1)
	if err != nil {
		return nil, false, err
	}
	messages, err := readMessages(rows)
	if err != nil {
		return nil, false, err
	}
	older := len(messages) > limit
	messages = messages[:min(limit, len(messages))]
	for i, j := 0, len(messages)-1; i < j; i, j = i+1, j-1 {
		messages[i], messages[j] = messages[j], messages[i]
	}
	return messages, older, nil
}

func readMessages(rows *sql.Rows) ([]Message, error) {
	var messages []Message
	return messages, eachRow(rows, func() error {
		m, err := scanMessage(rows)
		messages = append(messages, m)
		return err
	})
}

// Newest is a room's latest page, all of one moment.
type Newest struct {
	Version  int64
	Messages []Message // oldest first
	Older    bool      // whether there are older ones
}

// NewestMessages returns a room's newest messages, at most limit, and the version they
// are of. Its cost does not grow with the room.
func (s *Store) NewestMessages(ctx context.Context, room int64, limit int) (Newest, error) {
	var newest Newest
	versions, err := s.prepared(ctx, roomVersion)
	if err != nil {
		return newest, err
	}
	messages, err := s.prepared(ctx, messagesBefore)
	if err != nil {
		return newest, err
	}
	err = s.inSnapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.StmtContext(ctx, versions).QueryRowContext(ctx, room).Scan(&newest.Version); err != nil {
			return err
		}
		newest.Messages, newest.Older, err = pageOf(ctx, tx.StmtContext(ctx, messages), room, newest.Version+1, limit)
		return err
	})
	return newest, err
}

const roomVersion = `SELECT version FROM rooms WHERE id = $1`

// Changes returns the final state of what changed in a room after a version and up to
// another, in the order of their versions. A message that changed more than once comes
// once, at its latest version.
func (s *Store) Changes(ctx context.Context, room, after, upTo int64) ([]Message, error) {
	statement, err := s.prepared(ctx, `
		SELECT `+messageColumns+` FROM messages m JOIN users u ON u.id = m.author_id
		WHERE m.room_id = $1 AND m.version > $2 AND m.version <= $3 ORDER BY m.version`)
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, room, after, upTo)
	if err != nil {
		return nil, err
	}
	return readMessages(rows)
}
