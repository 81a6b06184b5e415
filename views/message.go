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
	marked   bool     // the page opens at it
	composer Composer // says where a pending copy is posted
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

// Part is a part of a room's log, or of a thread.
type Part struct {
	Room     int64
	Thread   int64           // the seq of a message whose thread it is a part of; 0: it is a part of the log
	Messages []store.Message // oldest first
	Older    int64           // a link leads to the messages with a lower seq; 0: there is none
	Newer    int64           // a link leads to the messages with a higher seq; 0: there is none
	Marked   int64           // the seq of the message that the page opens at; 0: the page opens at its end
}

// entries returns the messages of a part as entries, with the starts of days. The days are those of UTC, because all
// readers get the same bytes. A script moves the separators to the days of the reader's time zone.
func (p Part) entries() []entry {
	found := make([]entry, len(p.Messages))
	previous := ""
	for i, m := range p.Messages {
		found[i] = entry{Message: m, marked: m.Seq == p.Marked}
		if today := day(m.PostedAt); today != previous {
			found[i].dayStart = m.PostedAt.UTC().Format("Monday, 2 January 2006")
			previous = today
		}
	}
	return found
}

// pagePath returns the path of the page with the messages before or after a seq, as direction says. It is the same for all
// readers of the room.
func (p Part) pagePath(direction string, seq int64) string {
	path := RoomPath(p.Room)
	if p.Thread > 0 {
		path = messageAddress(p.Room, p.Thread)
	}
	return fmt.Sprintf("%s?%s=%d", path, direction, seq)
}

// fragmentPath is pagePath for the messages alone.
func (p Part) fragmentPath(direction string, seq int64) string {
	if p.Thread > 0 {
		return p.pagePath(direction, seq)
	}
	return fmt.Sprintf("/messages?room=%d&%s=%d", p.Room, direction, seq)
}
