package store

import (
	"time"

	"plaza/store/database"
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

const messageColumns = `m.room_id, m.seq, m.version, m.nonce, m.author_id, u.username, u.display_name, u.picture,
	m.source, m.html, m.renderer, m.continues, m.posted_at, m.erased, m.event`

// scanMessage reads the columns of a message, and those that come after them.
func scanMessage(row database.Row, others ...any) (Message, error) {
	var m Message
	var posted int64
	err := row.Scan(append([]any{
		&m.Room, &m.Seq, &m.Version, &m.Nonce, &m.Author.ID, &m.Author.Username, &m.Author.DisplayName, &m.Author.Picture,
		&m.Source, &m.HTML, &m.Renderer, &m.Continues, &posted, &m.Erased, &m.Event,
	}, others...)...)
	m.PostedAt = time.UnixMilli(posted).UTC()
	return m, err
}
