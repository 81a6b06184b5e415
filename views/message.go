package views

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"plaza/store"
)

// entry is a message in a log.
type entry struct {
	store.Message
	// dayStart is the date to show above the message if it is the first of its day, or else "".
	dayStart string
	// pending marks the template of the copy that is shown until the message is confirmed.
	pending  bool
	composer Composer // says where a pending copy is posted
}

// entries returns messages as entries, with the starts of days. The days are those of UTC, because all
// readers get the same bytes. A script moves the separators to the days of the reader's time zone.
func entries(messages []store.Message) []entry {
	found := make([]entry, len(messages))
	previous := ""
	for i, m := range messages {
		found[i] = entry{Message: m}
		if today := day(m.PostedAt); today != previous {
			found[i].dayStart = m.PostedAt.UTC().Format("Monday, 2 January 2006")
			previous = today
		}
	}
	return found
}

// A message is long if it takes more than longMessage lines. A line takes about lineLength characters on a wide page.
const (
	longMessage = 25
	lineLength  = 90
)

// isLong tells whether the message is folded until a reader wants all of it.
func (e entry) isLong() bool {
	lines := 0
	for line := range strings.Lines(e.Source) {
		if lines += 1 + utf8.RuneCountInString(line)/lineLength; lines > longMessage {
			return true
		}
	}
	return false
}

func (e entry) id() string { return fmt.Sprintf("m-%d-%d", e.Room, e.Seq) }

// olderThreadPath returns the path of the messages of a thread before the seq older.
func olderThreadPath(older, room, seq int64) string {
	return fmt.Sprintf("%s?before=%d", messageAddress(room, seq), older)
}

// olderPagePath returns the path of the page with messages before the seq older. It is the same for all readers
// of the room.
func olderPagePath(older, room int64) string {
	return fmt.Sprintf("%s?before=%d", RoomPath(room), older)
}

func olderFragmentPath(older, room int64) string {
	return fmt.Sprintf("/messages?room=%d&before=%d", room, older)
}
