package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// Contacts are the accounts in a user's relations, oldest relation first, and the user's reserved
// former usernames.
type Contacts struct {
	Friends, Sent, Received, Blocked []Contact
	Former                           []string
}

// Contact is an account in a relation, and the time since when the relation holds.
type Contact struct {
	Username, DisplayName string
	Since                 time.Time
}

// Contacts returns a user's contacts, as far as the user may know them.
func (s *Store) Contacts(ctx context.Context, user User) (Contacts, error) {
	var contacts Contacts
	lists := []*[]Contact{&contacts.Friends, &contacts.Sent, &contacts.Received, &contacts.Blocked}
	err := s.each(ctx, func(row database.Row) error {
		var list int
		var contact Contact
		var since int64
		if err := row.Scan(&list, &contact.Username, &contact.DisplayName, &since); err != nil {
			return err
		}
		if list == len(lists) {
			contacts.Former = append(contacts.Former, contact.Username)
			return nil
		}
		contact.Since = time.UnixMilli(since).UTC()
		*lists[list] = append(*lists[list], contact)
		return nil
	}, `SELECT 0, u.username, u.display_name, f.since AS since FROM friends f JOIN users u ON u.id = f.friend_id
		WHERE f.user_id = $1
		UNION ALL
		SELECT 1, u.username, u.display_name, r.asked_at FROM friend_requests r JOIN users u ON u.id = r.to_id
		WHERE r.from_id = $1 AND r.declined_at = 0
		UNION ALL
		SELECT 2, u.username, u.display_name, r.asked_at FROM friend_requests r JOIN users u ON u.id = r.from_id
		WHERE r.to_id = $1 AND `+pendingRequest+`
		UNION ALL
		SELECT 3, u.username, u.display_name, b.since FROM blocks b JOIN users u ON u.id = b.blocked_id
			WHERE b.blocker_id = $1
		UNION ALL
		SELECT 4, username, '', until FROM old_usernames WHERE user_id = $1 AND until > $2
		ORDER BY since`, user.ID, now().UnixMilli())
	return contacts, err
}

// OwnMessage is a message in its author's export.
type OwnMessage struct {
	ID       int64
	Room     RoomSummary
	PostedAt time.Time
	Source   string
}

// MessagesBy returns up to limit of the messages that a user wrote, oldest first, after the message
// with the id after. Its cost does not grow with the number of earlier messages.
func (s *Store) MessagesBy(ctx context.Context, user User, after int64, limit int) ([]OwnMessage, error) {
	var messages []OwnMessage
	err := s.each(ctx, func(row database.Row) error {
		var m OwnMessage
		var posted int64
		err := row.Scan(append([]any{
			&m.ID, &posted, &m.Source, &m.Room.ID, &m.Room.Kind, &m.Room.Name, &m.Room.Notebook,
		}, m.Room.Other.columns()...)...)
		m.PostedAt = time.UnixMilli(posted).UTC()
		messages = append(messages, m)
		return err
	}, `SELECT m.id, m.posted_at, m.source, r.id, r.kind, r.name, coalesce(r.low_id = r.high_id, FALSE),
		`+personColumnsIfAny("u")+`
		FROM messages m JOIN rooms r ON r.id = m.room_id LEFT
			JOIN users u ON r.kind = 'pair' AND u.id = r.low_id + r.high_id - m.author_id
		WHERE m.author_id = $1 AND m.id > $2 AND NOT `+isDeleted+` AND m.event = '' ORDER BY m.id LIMIT $3`, user.ID, after, limit)
	return messages, err
}
