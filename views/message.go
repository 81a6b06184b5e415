package views

import (
	"fmt"
	"time"

	"plaza/store"
)

// entry is a message as it stands in a log.
type entry struct {
	store.Message
	// dayStart is the date to show above the message where it is the first of its day.
	dayStart string
	// pending marks the form of the copy that stands in for a message until it is confirmed.
	pending bool
}

// entries finds where the days begin in a run of messages. By UTC, since the bytes are the
// same for all; a script moves the separators to the reader's own days.
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

func (e entry) id() string { return fmt.Sprintf("m-%d-%d", e.Room, e.Seq) }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func exactTime(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// olderPagePath is the same for all who read the room.
func olderPagePath(older, room int64) string {
	return fmt.Sprintf("%s?before=%d", RoomPath(room), older)
}

func olderFragmentPath(older, room int64) string {
	return fmt.Sprintf("/messages?room=%d&before=%d", room, older)
}
