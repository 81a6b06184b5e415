package views

import (
	"fmt"
	"net/url"
	"strings"

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

// PrivatePath is where one talks with somebody in private. Names are looked up without regard to
// case, and so somebody called "new" is not taken for the page that begins a group.
func PrivatePath(u store.Person) string {
	name := u.Username
	if name == "new" {
		name = strings.ToUpper(name)
	}
	return "/dm/" + url.PathEscape(name)
}

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

// RoomTitle is the title of a room's page.
func RoomTitle(r store.RoomSummary) string { return conversationName(r) }
