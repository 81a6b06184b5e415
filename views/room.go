package views

import (
	"fmt"
	"net/url"

	"plaza/store"
)

// RoomPath returns the path of a room's page. It works for everyone who may read the room.
func RoomPath(id int64) string {
	if id == store.PublicRoom {
		return "/"
	}
	return fmt.Sprintf("/rooms/%d", id)
}

// roomPath returns the path of a room's page for the viewer: a pair has the other person's name in it.
func roomPath(r store.RoomSummary) string {
	if r.Kind == store.Pair && !r.Other.Deleted {
		return PrivatePath(r.Other)
	}
	return RoomPath(r.ID)
}

// PrivatePath returns the path of the private room that the viewer shares with a person.
func PrivatePath(p store.Person) string { return "/dm/" + url.PathEscape(p.Username) }

// messagePath returns the path of a message in its room.
func messagePath(r store.RoomSummary, seq int64) string {
	return fmt.Sprintf("%s?at=%d#m-%d-%d", roomPath(r), seq, r.ID, seq)
}

// roomName returns the name of a room for the viewer: a pair has the other person's name, and each language
// has its own name for a public room without one.
func roomName(r store.RoomSummary) string {
	switch {
	case r.Kind == store.Pair:
		return r.Other.Name()
	case r.Kind == store.Public && r.Name == "":
		return words.publicRoom()
	}
	return r.Name
}

// roomTitle is the title of a room's page.
func roomTitle(r store.RoomSummary) string { return conversationName(r) }
