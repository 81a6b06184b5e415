package store

import (
	"slices"
	"strings"
	"time"

	"plaza/store/database"
)

// MaxMessageLength is the maximum length of a message's source, in Unicode code points.
const MaxMessageLength = 4000

// The limits of a group of messages.
const (
	GroupWindow = 5 * time.Minute // the longest time between its first message and its last
	MaxGroup    = 15              // the number of messages
)

// Message is an entry of a room's log.
type Message struct {
	Room     int64
	Seq      int64 // the room's version at which it was posted; it orders the log
	Version  int64 // the room's version at its latest change
	History  History
	Nonce    string
	Author   Person
	Source   string // Markdown, or the text of the Event
	HTML     string // safe HTML, rendered from Source
	Mentions string // usernames, separated by spaces
	Excerpt  string // the beginning of its plain text; "" if the message is as posted
	// Continues tells whether the message belongs to the group of the message before it: it has the
	// same author and was posted on the same UTC day, and the group is within its limits.
	Continues bool
	PostedAt  time.Time
	Answers   Quote     // the message that it answers; the zero Quote if it answers none
	Thread    int64     // the seq of the message that began the thread; 0 if it answers none
	Replies   int       // the number of replies in its thread that are not deleted
	Edits     int       // how often the text was replaced, and so the number of the text
	EditedAt  time.Time // the zero Time if the text is as posted
	Deleted   bool      // there is no text; the place in the log stays
	Reactions Reactions
	Event     Event
}

// Rendered is the output of a renderer for a message's source.
type Rendered struct {
	HTML     string
	Text     string   // the message as one line of plain text
	Mentions []string // the usernames of the mentioned accounts
	Renderer int      // the renderer's version
}

// mentionsColumn returns the mentions as the database stores them. Usernames have no spaces.
func (r Rendered) mentionsColumn() string { return strings.Join(r.Mentions, " ") }

// Event is what an entry says its author did to the room. It is the empty string if the entry is a
// message.
type Event string

// The events of private rooms.
const (
	Joined Event = "joined"
	Left   Event = "left"  // the author may not read the room from this version on
	Named  Event = "named" // the author named the room; the entry's source is the name
)

var messageColumns = `m.room_id, m.seq, m.version, m.nonce, m.source, m.html, m.mentions,
	CASE WHEN m.version > m.seq THEN ` + excerptColumn("m") + ` ELSE '' END, m.continues,
	m.posted_at, m.thread, coalesce(began.replies, m.replies), m.edits, m.edited_at, ` + isDeleted + `, m.reactions, m.event, ` +
	historyColumns + `, ` + personColumns + `, ` + quoteColumn

// isDeleted is the condition that readers see no text of a message m.
var isDeleted = isDeletedIn("m")

// isDeletedIn is isDeleted for a row of messages with another name.
func isDeletedIn(row string) string { return `(` + row + `.erased OR ` + row + `.deleted_at > 0)` }

// fromMessages joins the tables of messageColumns.
const fromMessages = ` FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
	LEFT JOIN messages q ON m.reply_to > 0 AND q.room_id = m.room_id AND q.seq = m.reply_to
	LEFT JOIN users qu ON qu.id = q.author_id
	LEFT JOIN messages began ON m.thread > 0 AND began.room_id = m.room_id AND began.seq = m.thread`

// scanMessage reads messageColumns, and then the columns after them into others. A deleted message has no text,
// although its author may restore it.
func scanMessage(row database.Row, others ...any) (Message, error) {
	var m Message
	var posted, edited int64
	var quote string
	err := row.Scan(slices.Concat([]any{
		&m.Room, &m.Seq, &m.Version, &m.Nonce, &m.Source, &m.HTML, &m.Mentions, &m.Excerpt, &m.Continues, &posted,
		&m.Thread, &m.Replies, &m.Edits, &edited, &m.Deleted, &m.Reactions, &m.Event,
	}, m.History.columns(), m.Author.columns(), []any{&quote}, others)...)
	if m.Excerpt = excerpt(m.Excerpt); err == nil {
		m.Answers, err = parseQuote(quote)
	}
	m.PostedAt = time.UnixMilli(posted).UTC()
	if edited > 0 {
		m.EditedAt = time.UnixMilli(edited).UTC()
	}
	if m.Deleted {
		m.Source, m.HTML, m.Mentions, m.Excerpt, m.Reactions = "", "", "", "", ""
	}
	return m, err
}
