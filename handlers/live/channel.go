package live

import (
	"strconv"
	"strings"
)

// Channel names what a bus carries together: all about one room, or about one person.
type Channel string

// RoomChannel carries the changes of a room, and the number of its state.
func RoomChannel(room int64) Channel { return roomTopic.of(room) }

// TypingChannel carries who types in a room.
func TypingChannel(room int64) Channel { return typingTopic.of(room) }

// PersonChannel carries that the inbox of a person has changed.
func PersonChannel(person int64) Channel { return personTopic.of(person) }

// topic is a kind of channels: what their names have before and after the id.
type topic struct{ before, after string }

var (
	roomTopic   = topic{"room.", ""}
	typingTopic = topic{"room.", ".typing"}
	personTopic = topic{"person.", ""}
)

func (t topic) of(id int64) Channel {
	return Channel(t.before + strconv.FormatInt(id, 10) + t.after)
}

// id returns the id in a channel's name; ok is false if the channel is not of the topic.
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
