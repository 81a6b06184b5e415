package views

import (
	"fmt"

	"plaza/store"
)

// notificationText says in a sentence, without the name of who caused it, what happened.
func notificationText(n store.Notification) string {
	switch n.Kind {
	case store.FriendRequest:
		if n.Count > 1 {
			return fmt.Sprintf("and %s ask for your friendship", others(n.Count-1))
		}
		return "asks for your friendship"
	case store.RequestAccepted:
		return "is your friend now"
	case store.RequestDeclined:
		return "declined your request"
	case store.Unfriended:
		return "ended your friendship"
	case store.Mentioned:
		where := " in " + roomName(n.Room)
		if n.Room.Kind == store.Pair {
			where = ""
		}
		if n.Count > 1 {
			return fmt.Sprintf("mentioned you%s %d times", where, n.Count)
		}
		return "mentioned you" + where
	case store.PrivateMessage:
		where := ""
		if n.Room.Kind == store.Group {
			where = " in " + n.Room.Name
		}
		switch {
		case n.Count == 1:
			return "wrote to you" + where
		case n.Room.Kind == store.Group: // where others may have written the most
			return fmt.Sprintf("wrote last of %d messages%s", n.Count, where)
		}
		return fmt.Sprintf("sent you %d messages", n.Count)
	case store.SignedInAnew:
		return "You were signed in from a new browser"
	case store.PasswordChanged:
		return "Your password was changed"
	case store.EmailChanged:
		return "Your email was changed"
	}
	return ""
}

func others(n int) string {
	if n == 1 {
		return "1 other"
	}
	return fmt.Sprintf("%d others", n)
}

// notificationPath leads to what caused a notification.
func notificationPath(n store.Notification) string {
	switch n.Kind {
	case store.FriendRequest:
		return "/friends"
	case store.Mentioned, store.PrivateMessage:
		return messagePath(n.Room, n.Seq)
	case store.SignedInAnew:
		return "/settings/sessions"
	case store.PasswordChanged:
		return "/settings/password"
	case store.EmailChanged:
		return "/settings/email"
	}
	return profilePath(n.Actor.Username)
}
