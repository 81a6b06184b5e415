package views

import (
	"fmt"
	"net/url"

	"plaza/store"
)

// RoomPath is where the page of a room is, for anybody who may read it.
func RoomPath(id int64) string {
	if id == store.PublicRoom {
		return "/"
	}
	return fmt.Sprintf("/rooms/%d", id)
}

// roomPath is where one of its readers finds a room's page.
func roomPath(r store.RoomSummary) string {
	if r.Kind == store.Pair && !r.Other.Deleted {
		return PrivatePath(r.Other)
	}
	return RoomPath(r.ID)
}

// PrivatePath is where a viewer talks with somebody in private.
func PrivatePath(p store.Person) string { return "/dm/" + url.PathEscape(p.Username) }

// messagePath leads to a message in its room.
func messagePath(r store.RoomSummary, seq int64) string {
	return fmt.Sprintf("%s?at=%d#m-%d-%d", roomPath(r), seq, r.ID, seq)
}

// roomName is what a viewer calls a room.
func roomName(r store.RoomSummary) string {
	if r.Kind == store.Pair {
		return r.Other.Name()
	}
	return r.Name
}

// roomTitle is the title of a room's page.
func roomTitle(r store.RoomSummary) string { return conversationName(r) }
