package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// Notification tells a user what happened.
type Notification struct {
	ID      int64
	Kind    NotificationKind
	Actor   Person      // the user who caused the latest event; the zero Person if there is none
	Count   int         // the number of events: while it is unread, further events like it are counted here
	Room    RoomSummary // of the message that it links to; the zero RoomSummary if there is none
	Seq     int64       // of that message
	Excerpt string      // of that message; "" if the user cannot read it
	Emoji   string      // of the latest reaction
	Browser string      // the user agent of the browser that signed in
	At      time.Time
	Read    bool
}

// NotificationsKept is how long notifications are kept.
const NotificationsKept = 90 * 24 * time.Hour

var (
	notificationColumns = `n.id, n.kind, n.count, n.seq, n.detail, n.at, n.read_at, ` + personColumnsIfAny("actor") + `,
		coalesce(r.id, 0), coalesce(r.kind, ''), coalesce(r.name, ''),
		coalesce(r.kind = 'pair' AND r.low_id = r.high_id, FALSE), ` +
		personColumnsIfAny("other") + `, coalesce(` + excerptColumn("m") + `, '')`
	notificationsCauses = `notifications n LEFT JOIN users actor ON actor.id = n.actor_id
		LEFT JOIN rooms r ON r.id = n.room_id
		LEFT JOIN users other ON r.kind = 'pair' AND other.id = r.low_id + r.high_id - n.user_id
		LEFT JOIN messages m ON m.room_id = n.room_id AND m.seq = n.seq`
	// visible is the condition that the recipient of a notification n may read the room that it
	// links to.
	visible = `(n.room_id = 0 OR EXISTS (SELECT 1 FROM rooms r
		WHERE r.id = n.room_id AND ` + readableBy("n.user_id") + `))`
)

// scanNotification reads the columns of a notification.
func scanNotification(row database.Row) (Notification, error) {
	var n Notification
	var at, read int64
	var detail string
	columns := append([]any{&n.ID, &n.Kind, &n.Count, &n.Seq, &detail, &at, &read}, n.Actor.columns()...)
	columns = append(columns, &n.Room.ID, &n.Room.Kind, &n.Room.Name, &n.Room.Notebook)
	err := row.Scan(append(append(columns, n.Room.Other.columns()...), &n.Excerpt)...)
	n.At, n.Read, n.Excerpt = time.UnixMilli(at).UTC(), read > 0, excerpt(n.Excerpt)
	if n.Kind == Reacted {
		n.Emoji = detail
	} else {
		n.Browser = detail
	}
	return n, err
}

// Point returns the position of a notification in the list.
func (n Notification) Point() Point { return Point{n.At, n.ID} }

// Notifications returns up to limit of a user's notifications after a point, newest first, and whether
// there are more.
func (s *Store) Notifications(ctx context.Context, user User, after Point, limit int) (found []Notification, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		n, err := scanNotification(row)
		found = append(found, n)
		return err
	}, `SELECT `+notificationColumns+` FROM `+notificationsCauses+`
		WHERE n.user_id = $1 AND `+visible+` AND (n.at, n.id) < ($2, $3)
		ORDER BY n.at DESC, n.id DESC LIMIT $4`, user.ID, after.At.UnixMilli(), after.ID, limit+1)
	return found[:min(limit, len(found))], len(found) > limit, err
}

// Notification returns a user's notification. The kind is NotFound if the user has no such notification.
func (s *Store) Notification(ctx context.Context, user User, id int64) (Notification, error) {
	n, err := scanNotification(s.queryRow(ctx, `SELECT `+notificationColumns+` FROM `+notificationsCauses+`
		WHERE n.id = $1 AND n.user_id = $2 AND `+visible, id, user.ID))
	if errors.Is(err, sql.ErrNoRows) {
		err = &Error{Kind: NotFound, Code: CodeNotificationGone}
	}
	return n, err
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
	Replied         NotificationKind = "reply"
	PrivateMessage  NotificationKind = "message"
	Reacted         NotificationKind = "reaction" // to a message of the recipient; it shows no notice
	SignedInAnew    NotificationKind = "sign-in"  // with an unknown browser
	PasswordChanged NotificationKind = "password"
	EmailChanged    NotificationKind = "email"
	EmailUnverified NotificationKind = "unverified"

	TwoStepOn        NotificationKind = "two-step-on" // sign-in asks for a code
	TwoStepOff       NotificationKind = "two-step-off"
	RecoveryCodeUsed NotificationKind = "recovery-code"
	PasskeyAdded     NotificationKind = "passkey-added"
	PasskeyRemoved   NotificationKind = "passkey-removed"
	IdentityLinked   NotificationKind = "identity-linked" // a provider signs the account in
	IdentityUnlinked NotificationKind = "identity-unlinked"
)
