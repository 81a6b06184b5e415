package live

import (
	"strconv"
	"strings"
)

// Channel names what is said on a bus together: all about one room, or one person.
type Channel string

// RoomChannel is where a room's changes are told, and how far its state is.
func RoomChannel(room int64) Channel { return roomTopic.of(room) }

// TypingChannel is where it is told who types in a private room.
func TypingChannel(room int64) Channel { return typingTopic.of(room) }

// PersonChannel is where it is told that something concerns a person.
func PersonChannel(person int64) Channel { return personTopic.of(person) }

// topic is what channels of one kind have before and after the id.
type topic struct{ before, after string }

var (
	roomTopic   = topic{"room.", ""}
	typingTopic = topic{"room.", ".typing"}
	personTopic = topic{"person.", ""}
)

func (t topic) of(id int64) Channel {
	return Channel(t.before + strconv.FormatInt(id, 10) + t.after)
}

// id returns whose channel of the topic it is; ok is false where it is none.
func (t topic) id(channel Channel) (id int64, ok bool) {
	rest, ok := strings.CutPrefix(string(channel), t.before)
	if !ok {
		return 0, false
	}
	if rest, ok = strings.CutSuffix(rest, t.after); !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	return id, err == nil
}
