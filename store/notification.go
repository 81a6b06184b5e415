package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// Notification is something that somebody is to hear of.
type Notification struct {
	ID      int64
	Kind    NotificationKind
	Actor   User   // who caused it last: ID, Username, DisplayName and Picture only; the zero User where nobody else did
	Count   int    // how many it stands for: while it is unread, what is like it is counted there
	Room    Room   // of the message that it leads to: ID, Kind, Name and Other only; the zero Room where it leads to none
	Seq     int64  // that message's
	Excerpt string // the beginning of what that message says, without formatting; "" where it cannot be read any more
	Browser string // the user agent of a browser that signed in
	At      time.Time
	Read    bool
}

// NotificationsKept is how long notifications are kept.
const NotificationsKept = 90 * 24 * time.Hour

const (
	notificationColumns = `n.id, n.kind, n.count, n.seq, n.detail, n.at, n.read_at,
		coalesce(a.id, 0), coalesce(a.username, ''), coalesce(a.display_name, ''), coalesce(a.picture, ''),
		coalesce(r.id, 0), coalesce(r.kind, ''), coalesce(r.name, ''),
		coalesce(o.id, 0), coalesce(o.username, ''), coalesce(o.display_name, ''), coalesce(o.picture, ''),
		coalesce(substr(m.html, 1, 2000), '')`
	notificationsCauses = `notifications n LEFT JOIN users a ON a.id = n.actor_id
		LEFT JOIN rooms r ON r.id = n.room_id
		LEFT JOIN users o ON r.kind = 'pair' AND o.id = r.low_id + r.high_id - n.user_id
		LEFT JOIN messages m ON m.room_id = n.room_id AND m.seq = n.seq`
	// visible is whether the person of a notification n may read the room that it leads to.
	visible = `(n.room_id <= 1 OR EXISTS (SELECT 1 FROM members v WHERE v.room_id = n.room_id AND v.user_id = n.user_id))`
)

// scanNotification reads the columns of a notification, and those that come after them.
func scanNotification(row database.Row, others ...any) (Notification, error) {
	var n Notification
	var at, read int64
	var body string
	err := row.Scan(append([]any{
		&n.ID, &n.Kind, &n.Count, &n.Seq, &n.Browser, &at, &read,
		&n.Actor.ID, &n.Actor.Username, &n.Actor.DisplayName, &n.Actor.Picture,
		&n.Room.ID, &n.Room.Kind, &n.Room.Name,
		&n.Room.Other.ID, &n.Room.Other.Username, &n.Room.Other.DisplayName, &n.Room.Other.Picture, &body,
	}, others...)...)
	n.At, n.Read, n.Excerpt = time.UnixMilli(at).UTC(), read > 0, excerpt(body)
	return n, err
}

// Notifications returns what somebody was told, the newest first: what comes after the one with an
// id, or all where that is 0, at most limit; and whether there is more.
func (s *Store) Notifications(ctx context.Context, user User, before int64, limit int) (found []Notification, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		n, err := scanNotification(row)
		found = append(found, n)
		return err
	}, `SELECT `+notificationColumns+` FROM `+notificationsCauses+`
		WHERE n.user_id = $1 AND `+visible+` AND (CAST($2 AS BIGINT) = 0
			OR (n.at, n.id) < (SELECT last.at, last.id FROM notifications last WHERE last.id = $2 AND last.user_id = $1))
		ORDER BY n.at DESC, n.id DESC LIMIT $3`, user.ID, before, limit+1)
	return found[:min(limit, len(found))], len(found) > limit, err
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
