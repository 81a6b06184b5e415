package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// Conversation is a private room in the list of a member.
type Conversation struct {
	Room
	LastAt    time.Time // the time of the latest message or event
	Last      LastMessage
	Mentioned bool // an unread message mentions the viewer
}

// LastMessage is the newest message of a conversation.
type LastMessage struct {
	Seq     int64 // 0: there is no message
	Author  Person
	Excerpt string
	Deleted bool // it has no text
	Own     bool // the viewer wrote it
	Blocked bool // the viewer has blocked its author
}

// Point is a position in a list that has the newest first. A page of the list begins after it, also if
// what was there is gone.
type Point struct {
	At time.Time
	ID int64
}

// NewestPoint returns the position before the newest, even if another server's clock
// is ahead by less than an hour.
func NewestPoint() Point { return Point{At: now().Add(time.Hour)} }

// Conversations returns up to limit of a viewer's private rooms after a point, newest first, and
// whether there are more. It returns groups, and pairs with a message. It runs one query.
func (s *Store) Conversations(ctx context.Context, viewer User, after Point, limit int) (conversations []Conversation, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		var c Conversation
		var at int64
		var drafted bool
		var err error
		c.Room, err = scanRoom(row, append([]any{&at, &c.Mentioned, &drafted, &c.Last.Seq, &c.Last.Excerpt, &c.Last.Deleted, &c.Last.Blocked},
			c.Last.Author.columns()...)...)
		c.Drafted = drafted
		c.LastAt, c.Last.Excerpt, c.Last.Own = time.UnixMilli(at).UTC(), excerpt(c.Last.Excerpt),
			c.Last.Author.ID == viewer.ID
		conversations = append(conversations, c)
		return err
	}, `SELECT `+roomColumns("m.user_id")+`, r.last_posted_at,
			EXISTS (SELECT 1 FROM notifications n
				WHERE n.user_id = m.user_id AND n.read_at = 0 AND n.kind = $5 AND n.like_id = r.id AND n.room_id = r.id),
			`+draftedBy("m.user_id")+`,
			coalesce(last.seq, 0),
			coalesce(`+excerptColumn("last")+`, ''), coalesce(`+isDeletedIn("last")+`, FALSE),
			EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = m.user_id AND b.blocked_id = author.id),
			`+personColumnsIfAny("author")+`
		FROM (SELECT m.room_id, m.user_id, m.read_to, m.unread FROM members m JOIN rooms r ON r.id = m.room_id
			WHERE m.user_id = $1 AND r.last_posted_at > 0 AND (r.last_posted_at, r.id) < ($2, $3)
				ORDER BY r.last_posted_at DESC, r.id DESC LIMIT $4) AS m
		JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = `+counterpartOf("m.user_id")+`
		LEFT JOIN messages last ON last.room_id = r.id
			AND last.seq = (SELECT said.seq FROM messages said WHERE said.room_id = r.id AND said.event = ''
				ORDER BY said.seq DESC LIMIT 1)
		LEFT JOIN users author ON author.id = last.author_id
		ORDER BY r.last_posted_at DESC, r.id DESC`, viewer.ID, after.At.UnixMilli(), after.ID, limit+1, string(Mentioned))
	return conversations[:min(limit, len(conversations))], len(conversations) > limit, err
}
