package store

import "time"

// Notification is something that somebody is to hear of.
type Notification struct {
	ID      int64
	Kind    NotificationKind
	Actor   User   // who caused it last; the zero User where nobody else did
	Count   int    // how many it stands for: while it is unread, what is like it is counted there
	Room    Room   // of the message that it leads to; the zero Room where it leads to none
	Seq     int64  // that message's
	Glimpse string // the beginning of what that message says, without formatting; "" where it cannot be read any more
	Browser string // the user agent of a browser that signed in
	At      time.Time
	Read    bool
}

// NotificationKind says what happened.
type NotificationKind string

// The kinds of notifications.
const (
	FriendRequest   NotificationKind = "request"
	RequestAccepted NotificationKind = "accepted"
	RequestDeclined NotificationKind = "declined"
	Unfriended      NotificationKind = "unfriended"
	Mentioned       NotificationKind = "mention"
	PrivateMessage  NotificationKind = "message"
	SignedInAnew    NotificationKind = "sign-in" // from a browser that was not known
	PasswordChanged NotificationKind = "password"
	EmailChanged    NotificationKind = "email"
)
