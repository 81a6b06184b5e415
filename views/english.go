package views

import (
	"fmt"

	"plaza/store"
)

// english is what plaza says in English.
type english struct{}

// englishCount is a number of what has a plural in -s.
func englishCount(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (english) readers(r store.RoomSummary) string {
	switch {
	case r.Kind == store.Public:
		return "everyone"
	case r.Notebook:
		return "yourself"
	case r.Kind == "": // only its id is known
		return "them"
	}
	return roomName(r)
}

func (english) notebook() string { return "Notes to yourself" }

func (english) emptyRoom(r store.Room) string {
	switch {
	case r.Kind == store.Public:
		return "Whatever you write, everyone on this plaza can read. Say hello, ask something, or tell what you are working on."
	case r.Notebook:
		return "Nobody else can read what you write here. Keep a note for yourself."
	case r.Kind == store.Group:
		return "Whatever is written here, its members alone can read."
	case r.Closed != "":
		return "Nothing was said here."
	}
	return "Whatever is written here, nobody but you two can read. Say hello."
}

func (english) folded() string { return "Message from someone you blocked" }

func (english) excerpt(c store.Conversation) string {
	switch {
	case c.Last.Seq == 0:
		return "Nothing was said yet."
	case c.Last.Erased:
		return "Message deleted"
	case c.Last.Blocked:
		return english{}.folded()
	case c.Last.Own && !c.Notebook:
		return "You: " + c.Last.Excerpt
	case c.Kind == store.Group:
		return c.Last.Author.Name() + ": " + c.Last.Excerpt
	}
	return c.Last.Excerpt
}

func (english) event(e store.Event, source string) string {
	switch e {
	case store.Joined:
		return "joined"
	case store.Left:
		return "left"
	case store.Named:
		return "named the group “" + source + "”"
	}
	return ""
}

func (english) notification(n store.Notification) string {
	switch n.Kind {
	case store.FriendRequest:
		if n.Count > 1 {
			return fmt.Sprintf("and %s ask for your friendship", englishCount(n.Count-1, "other"))
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

func (english) notificationKind(kind store.NotificationKind) string {
	switch kind {
	case store.FriendRequest:
		return "Somebody asks for my friendship"
	case store.RequestAccepted:
		return "Somebody accepts my request"
	case store.RequestDeclined:
		return "Somebody declines my request"
	case store.Unfriended:
		return "Somebody ends our friendship"
	case store.Mentioned:
		return "Somebody mentions me"
	case store.PrivateMessage:
		return "Somebody writes to me in private"
	}
	return ""
}

func (english) online(n int) string { return fmt.Sprintf("%d online", n) }

func (english) friend() string { return "friend" }

func (english) friends(n int) string { return englishCount(n, "friend") }

func (english) relation(r store.Relation, name string) string {
	switch {
	case r.Blocked:
		return "You have blocked " + name + ": their messages are folded away, and they cannot ask for your friendship. They are not told."
	case r.Friends:
		return "You are friends."
	case r.Received:
		return name + " asks for your friendship."
	case r.Sent:
		return "You asked for friendship. There is no answer yet."
	case r.Declined:
		return name + " declined. You can ask again a day later."
	}
	return ""
}

func (english) peopleFound(s SearchPage) string {
	switch {
	case s.Query == "":
		return ""
	case s.More:
		return fmt.Sprintf("The first %d people. Type more of the name to find others.", len(s.People))
	case len(s.People) == 0:
		return "Nobody here has that in their name. Try fewer letters."
	case len(s.People) == 1:
		return "1 person"
	}
	return fmt.Sprintf("%d people", len(s.People))
}

func (english) browser(name, system string) string {
	switch {
	case name == "":
		return "An unknown browser"
	case system == "":
		return name
	}
	return name + " on " + system
}

func (english) exportedFile(name string) string {
	switch name {
	case "profile.json":
		return "What you are called, and what you say about yourself."
	case "friends.json":
		return "Your friends, who asked whom, and whom you blocked."
	case "notifications.json":
		return "What you were told, and what you do not want to hear of."
	case "sessions.json":
		return "Where you are signed in."
	case "conversations.json":
		return "With whom you talk in private."
	case "messages.json":
		return "What you wrote, in Markdown, with its time and place, for programs."
	case "messages.md":
		return "The same, for people."
	case "picture.jpg":
		return "Your picture."
	case "picture-small.jpg":
		return "The same, as it stands beside what you write."
	}
	return ""
}

func (english) exportedTitle(username string) string { return "What " + username + " wrote" }

func (english) exportedRoom(r store.RoomSummary) string {
	switch {
	case r.Kind != store.Pair:
		return r.Name
	case r.Other.Deleted:
		return "Private, with a deleted account"
	}
	return "Private, with " + r.Other.Username
}

func (english) confirmationMail(username, link string) (subject, body string) {
	return "Confirm your email", fmt.Sprintf(`Hello %s,

this is to be the email of your account. If you want that, open this link, and press the
button there:

%s

The link works once, within a day. If you know nothing of this, you need do nothing: then
nothing changes.
`, username, link)
}

func (english) emailChangedMail(username, origin string) (subject, body string) {
	return "Your email was changed", fmt.Sprintf(`Hello %s,

your account at %s has another email from now on, and this one is not used any more.

If that was you, all is well. If not, sign in with your username and change your password:

%s/settings/password
`, username, origin, origin)
}
