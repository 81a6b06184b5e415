package views

import (
	"fmt"
	"net/url"
	"strings"

	"plaza/store"
)

// roomPath is where a room's page is.
func roomPath(r store.Room) string {
	switch {
	case r.Kind == store.Public:
		return "/"
	case r.Kind == store.Pair && !r.Other.IsDeleted():
		return PrivatePath(r.Other)
	}
	return fmt.Sprintf("/rooms/%d", r.ID)
}

// PrivatePath is where one talks with somebody in private. Names are looked up without regard to
// case, and so somebody called "new" is not taken for the page that begins a group.
func PrivatePath(u store.User) string {
	name := u.Username
	if name == "new" {
		name = strings.ToUpper(name)
	}
	return "/dm/" + url.PathEscape(name)
}

// messagePath leads to a message in its room.
func messagePath(r store.Room, seq int64) string {
	return fmt.Sprintf("%s?at=%d#m-%d-%d", roomPath(r), seq, r.ID, seq)
}

// roomName is what a viewer calls a room.
func roomName(r store.Room) string {
	if r.Kind == store.Pair {
		return r.Other.Name()
	}
	return r.Name
}

// RoomTitle is the title of a room's page.
func RoomTitle(r store.Room) string { return conversationName(r) }
