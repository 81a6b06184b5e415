package store

import (
	"strings"
	"time"

	"plaza/store/database"
)

// MaxMessageLength is the most a message's source may have, in Unicode code points.
const MaxMessageLength = 4000

// GroupWindow is how soon after one message the same author's next belongs to its group.
const GroupWindow = 5 * time.Minute

// Message is one entry of a room's log.
type Message struct {
	Room     int64
	Seq      int64 // its place in the room: the version at which it was posted
	Version  int64 // the version of its latest change
	Nonce    string
	Author   Person
	Source   string // Markdown, or what the Event says
	HTML     string // made of the source, and safe
	Mentions string // usernames, with spaces between
	// Continues says that the message belongs to the group of the one before it: the
	// same author, within GroupWindow, on the same UTC day.
	Continues bool
	PostedAt  time.Time
	Erased    bool // keeps its place, and has no text any more
	Event     Event
}

// Rendered is what a renderer made of a message's source.
type Rendered struct {
	HTML     string
	Text     string   // what the message says on one line, without markup
	Mentions []string // the usernames of the accounts that it links to
	Renderer int      // the renderer's version
}

// mentionsColumn is how mentions are kept. No username has a space in it.
func (r Rendered) mentionsColumn() string { return strings.Join(r.Mentions, " ") }

// Event is what the author of an entry did to the room instead of writing; "" where they wrote.
type Event string

// The events of private rooms.
const (
	Joined Event = "joined"
	Left   Event = "left"  // and may not read the room from this version on
	Named  Event = "named" // the room: the entry's source is the name
)

const messageColumns = `m.room_id, m.seq, m.version, m.nonce, m.source, m.html, m.mentions, m.continues, m.posted_at, m.erased, m.event, ` + personColumns

// scanMessage reads the columns of a message, and those that come after them.
func scanMessage(row database.Row, others ...any) (Message, error) {
	var m Message
	var posted int64
	err := row.Scan(append(append([]any{
		&m.Room, &m.Seq, &m.Version, &m.Nonce, &m.Source, &m.HTML, &m.Mentions, &m.Continues, &posted, &m.Erased, &m.Event,
	}, m.Author.columns()...), others...)...)
	m.PostedAt = time.UnixMilli(posted).UTC()
	return m, err
}
