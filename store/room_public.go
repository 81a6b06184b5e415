package store

import (
	"context"
	"fmt"

	"plaza/store/database"
)

// The public chat has no rows in members: all may read it, and a row for each reader and message would
// be far too many. An account has only how far its user has read. What is unread is counted when it is
// asked for, among the newest messages.

// PublicUnread is what a user has not read of the public chat.
type PublicUnread struct {
	Count  int   // the messages of others after ReadTo, of the newest 200 in all; the count stops at 101
	ReadTo int64 // the version up to which the user has read
	Newest int64 // the seq of the newest message, of anybody
}

// publicCounted is how many of the messages after a user's ReadTo are looked through. Without the
// limit, somebody who writes much and reads nothing would make each of their requests slow.
const publicCounted = 200

var (
	// publicUnreadColumns are the columns of the PublicUnread of a user u.
	publicUnreadColumns = fmt.Sprintf(`(SELECT count(*) FROM (SELECT 1 FROM (%s DESC LIMIT %d) AS newest
			WHERE newest.author_id <> u.id LIMIT 101) AS unread),
		u.public_read_to,
		coalesce((SELECT said.seq FROM messages said WHERE said.room_id = %d ORDER BY said.seq DESC LIMIT 1), 0)`,
		publicUnread, publicCounted, PublicRoom)
	// publicUnread finds the messages in the public chat that a user u has not read.
	publicUnread = fmt.Sprintf(`SELECT said.seq, said.author_id FROM messages said
		WHERE said.room_id = %d AND said.seq > u.public_read_to AND said.event = '' ORDER BY said.seq`, PublicRoom)
)

// publicReadColumns returns the columns of ReadTo and PublicLeftAt for a viewer, of a row of
// roomsOfViewer. They are 0 in rooms with members. The viewer is an SQL expression.
func publicReadColumns(viewer string) string {
	return `CASE WHEN r.kind = 'public' THEN coalesce(u.public_read_to, 0) ELSE 0 END,
		CASE WHEN r.kind = 'public' THEN coalesce((SELECT min(later.seq) FROM (` + publicUnread +
		fmt.Sprintf(` LIMIT %d) AS later WHERE later.author_id <> %s), 0) ELSE 0 END`, publicCounted, viewer)
}

// PublicPost is a message in the public chat, as pages elsewhere count it.
type PublicPost struct {
	Seq    int64
	Author int64
}

// PublicPosts returns up to limit of the newest messages in the public chat, newest first. Its cost does
// not grow with the room.
func (s *Store) PublicPosts(ctx context.Context, limit int) ([]PublicPost, error) {
	var posts []PublicPost
	err := s.each(ctx, func(row database.Row) error {
		var post PublicPost
		err := row.Scan(&post.Seq, &post.Author)
		posts = append(posts, post)
		return err
	}, `SELECT seq, author_id FROM messages WHERE room_id = $1 AND event = '' ORDER BY seq DESC LIMIT $2`, PublicRoom, limit)
	return posts, err
}
