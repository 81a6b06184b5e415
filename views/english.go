package views

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"plaza/store"
)

// english is the language English.
type english struct{}

// englishCount returns n with a noun whose plural ends in -s.
func englishCount(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (english) site(name string) (title, description string) {
	return name + ": one square, and everyone talks", "A public chat where everyone with an account shares one conversation, live. Come in, read along, say hello."
}

func (english) previewPicture() string { return "People who talk in a sunny square" }

func (english) onThisPlaza(name string) string {
	return "Meet " + name + " on this plaza, and say hello."
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

func (english) publicRoom() string { return "Public chat" }

func (english) notebook() string { return "Notes to yourself" }

func (english) emptyRoom(r store.Room) string {
	switch {
	case r.Kind == store.Public:
		return "Everyone on this plaza can read what you write. Say hello, ask a question, or say what you are working on."
	case r.Notebook:
		return "Only you can read what you write here. Write a note to yourself."
	case r.Kind == store.Group:
		return "Only members of this group can read what is written here."
	case r.Closed != "":
		return "There are no messages here."
	}
	return "Only you two can read what is written here. Say hello."
}

func (english) folded() string { return "Message from someone you blocked" }

func (english) excerpt(c store.Conversation) string {
	switch {
	case c.Last.Seq == 0:
		return "No messages yet."
	case c.Last.Deleted:
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

func (english) thread() string { return "Thread" }

func (english) threadIn(r store.RoomSummary) string { return "Thread in " + roomTitle(r) }

func (english) replies(n int) string {
	if n == 1 {
		return "1 reply"
	}
	return fmt.Sprintf("%d replies", n)
}

func (english) quoted(q store.Quote) string {
	if q.Deleted {
		return "Message deleted"
	}
	return q.Excerpt
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

func (english) notification(n store.Notification, several bool) string {
	switch n.Kind {
	case store.FriendRequest:
		if several {
			return "sent you friend requests"
		}
		return "sent you a friend request"
	case store.RequestAccepted:
		if several {
			return "are your friends now"
		}
		return "is your friend now"
	case store.RequestDeclined:
		return "declined your friend request"
	case store.Unfriended:
		if several {
			return "are no longer your friends"
		}
		return "is no longer your friend"
	case store.Mentioned:
		where := " in " + roomName(n.Room)
		if n.Room.Kind == store.Pair {
			where = ""
		}
		if several {
			return "mentioned you" + where
		}
		return "mentioned you" + where + englishTimes(n.Count)
	case store.Replied:
		where := " in " + roomName(n.Room)
		if n.Room.Kind == store.Pair {
			where = ""
		}
		if several || n.Count == 1 {
			return "replied to you" + where
		}
		return fmt.Sprintf("sent the latest of %d replies to you%s", n.Count, where)
	case store.PrivateMessage:
		where := ""
		if n.Room.Kind == store.Group {
			where = " in " + n.Room.Name
		}
		switch {
		case n.Count == 1:
			return "wrote to you" + where
		case n.Room.Kind == store.Group: // other members may have written most of them
			return fmt.Sprintf("sent the latest of %d messages%s", n.Count, where)
		}
		return fmt.Sprintf("sent you %d messages", n.Count)
	case store.Reacted:
		if n.Count > 1 {
			return "and others reacted to your message"
		}
		return "reacted with " + n.Emoji + " to your message"
	case store.SignedInAnew:
		return "You were signed in from a new browser" + englishTimes(n.Count)
	case store.PasswordChanged:
		return "Your password was changed" + englishTimes(n.Count)
	case store.EmailChanged:
		return "Your email was changed" + englishTimes(n.Count)
	case store.EmailUnverified:
		return "Please verify your email, so that you can get back in if you forget your password"
	case store.TwoStepOn:
		return "Two-step sign-in was turned on" + englishTimes(n.Count)
	case store.TwoStepOff:
		return "Two-step sign-in was turned off" + englishTimes(n.Count)
	case store.IdentityLinked:
		return "A sign-in by another site was linked" + englishTimes(n.Count)
	case store.IdentityUnlinked:
		return "A sign-in by another site was removed" + englishTimes(n.Count)
	case store.RecoveryCodeUsed:
		if n.Count > 1 {
			return fmt.Sprintf("%d recovery codes were used to sign in", n.Count)
		}
		return "A recovery code was used to sign in"
	case store.PasskeyAdded:
		if n.Count > 1 {
			return fmt.Sprintf("%d passkeys were added to your account", n.Count)
		}
		return "A passkey was added to your account"
	case store.PasskeyRemoved:
		if n.Count > 1 {
			return fmt.Sprintf("%d passkeys were removed from your account", n.Count)
		}
		return "A passkey was removed from your account"
	}
	return ""
}

// englishTimes returns how many times something happened, after a verb; "" for once.
func englishTimes(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(" %d times", n)
}

func (english) others(n int) string { return "and " + englishCount(n, "other") }

func (english) reactWith(emoji string) string { return "React with " + emoji }

func (english) peopleWith(n int, emoji string) string {
	if n == 1 {
		return "1 person reacted with " + emoji
	}
	return fmt.Sprintf("%d people reacted with %s", n, emoji)
}

// reacted says who reacted to a message with an emoji: some names, and how many others.
func (english) reacted(names []string, others int, emoji string) string {
	if others > 0 {
		names = append(slices.Clone(names), englishCount(others, "other"))
	}
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "") + " reacted with " + emoji
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " reacted with " + emoji
}

func (english) both(one, other string) string { return one + " and " + other }

func (english) answered(name string, friends bool) string {
	if friends {
		return name + " is your friend now."
	}
	return "You declined the friend request of " + name + "."
}

func (english) day(start, today time.Time) string {
	switch {
	case start.Equal(today):
		return "Today"
	case start.Equal(today.AddDate(0, 0, -1)):
		return "Yesterday"
	case start.Year() == today.Year():
		return start.Format("Monday, 2 January")
	}
	return start.Format("Monday, 2 January 2006")
}

func (english) notificationKind(kind store.NotificationKind) string {
	switch kind {
	case store.FriendRequest:
		return "Someone sends me a friend request"
	case store.RequestAccepted:
		return "Someone accepts my friend request"
	case store.RequestDeclined:
		return "Someone declines my friend request"
	case store.Unfriended:
		return "Someone ends our friendship"
	case store.Mentioned:
		return "Someone mentions me"
	case store.Replied:
		return "Someone replies to me"
	case store.PrivateMessage:
		return "Someone writes to me in private"
	case store.Reacted:
		return "Someone reacts to my message"
	}
	return ""
}

func (english) online(n int) string { return fmt.Sprintf("%d online", n) }

func (english) friend() string { return "friend" }

func (english) friends(n int) string { return englishCount(n, "friend") }

func (english) sharedFriends(n int) string { return englishCount(n, "friend") + " in common" }

// groups says how many groups the viewer is in.
func (english) groups(n int) string {
	if n == 0 {
		return "You are in no groups."
	}
	return "You are in " + englishCount(n, "group") + "."
}

func (english) relation(r store.Relation, name string) string {
	switch {
	case r.Blocked:
		return "You have blocked " + name + ". Their messages are hidden, and they cannot send you friend requests. They are not notified."
	case r.Friends:
		return "You are friends."
	case r.Received:
		return name + " sent you a friend request."
	case r.Sent:
		return "You sent a friend request. There is no answer yet."
	case r.Declined:
		return name + " declined your friend request. You can send another one after a day."
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
		return "Your names, and what you say about yourself."
	case "friends.json":
		return "Your friends, your friend requests, and the people you blocked."
	case "notifications.json":
		return "Your notifications, and the kinds that you turned off."
	case "sessions.json":
		return "Where you are signed in."
	case "security.json":
		return "Two-step sign-in and your passkeys, without their secrets."
	case "conversations.json":
		return "The people you talk with in private."
	case "drafts.json":
		return "What you have begun to write."
	case "invitations.json":
		return "Your invitations, and who came by them."
	case "messages.json":
		return "Your messages in Markdown, with their times and rooms, for programs."
	case "messages.md":
		return "The same messages, for people to read."
	case "reactions.json":
		return "Your reactions to messages."
	case "picture.jpg":
		return "Your picture."
	case "picture-small.jpg":
		return "The same picture, in the size beside your messages."
	}
	return ""
}

func (english) exportedTitle(username string) string { return "What " + username + " wrote" }

func (english) exportedRoom(r store.RoomSummary) string {
	switch {
	case r.Kind != store.Pair:
		return roomName(r)
	case r.Other.Deleted:
		return "Private, with a deleted account"
	}
	return "Private, with " + r.Other.Username
}
