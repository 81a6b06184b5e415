package store

import (
	"fmt"
	"time"

	"plaza/store/database"
)

var (
	// A post's version is the room's version minus the number of later changes in the same commit.
	// If the room does not exist, the version is NULL, and the NOT NULL constraint makes the commit
	// fail.
	insertMessage = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
			continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $7, $8, $9, $10, $11, $12, FALSE, $13
		FROM ` + fromRoom + returningAuthor
	// insertJoining inserts a post that may continue the group which the room's row describes.
	insertJoining = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
			continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $7, $8, $9, $10, $11, $12, ` + continues("$3", "$13") + `, $13
		FROM ` + fromRoom + returningAuthor
	// insertReply inserts a post that answers the message with seq $14. If there is no such message that readers see,
	// reply_to is NULL, and the NOT NULL constraint makes the commit fail.
	insertReply = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
			continues, posted_at, reply_to, thread)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $7, $8, $9, $10, $11, $12, FALSE, $13, q.seq, ` + threadOf + `
		FROM ` + fromRoom + ` LEFT JOIN messages q ON q.room_id = r.id AND q.seq = $14 AND q.event = '' AND NOT ` + isDeletedIn("q") + returningAuthor
	// startGroup makes a room's row describe a new group. joinGroup does so unless the message
	// continues the group which the row describes.
	startGroup = `UPDATE rooms SET last_author_id = $2, last_posted_at = $3, group_at = $3, group_size = 1 WHERE id = $1`
	joinGroup  = `UPDATE rooms AS r SET last_author_id = $2, last_posted_at = $3,
		group_at = CASE WHEN ` + continues("$2", "$3") + ` THEN r.group_at ELSE $3 END,
		group_size = CASE WHEN ` + continues("$2", "$3") + ` THEN r.group_size + 1 ELSE 1 END
		WHERE id = $1`
	// The author must exist, be signed in and be allowed to write. Otherwise the author's id is NULL,
	// and the NOT NULL constraint makes the commit fail. A transaction that changes who may write
	// locks the room's row too.
	mayWrite = `(SELECT author.id FROM users author
		WHERE author.id = $3 AND author.deleted_at = 0 AND (` + sessionLasts("$4", "$3", "$5", "$6") + ` OR $4 IS NULL)
			AND ` + writableBy("author.id") + `)`
)

// returningAuthor has an insertion return whether the message continues a group, its author as
// they are called now, and when their session was last used.
const returningAuthor = ` RETURNING continues,
	(SELECT username FROM users WHERE id = author_id),
	(SELECT display_name FROM users WHERE id = author_id),
	(SELECT picture FROM users WHERE id = author_id),
	coalesce((SELECT used_at FROM sessions WHERE token_hash = $4), 0)`

const fromRoom = `(SELECT 1) AS here LEFT JOIN rooms r ON r.id = $1`

// continues is the condition that a message of an author continues the group which the row of its
// room r describes. The clock may have gone back.
func continues(author, at string) string {
	return fmt.Sprintf(`(r.last_author_id = %[1]s AND r.group_size < %[3]d AND %[2]s - r.last_posted_at BETWEEN 0 AND %[4]d
		AND %[2]s - r.group_at <= %[4]d AND %[2]s / %[5]d = r.last_posted_at / %[5]d)`,
		author, at, MaxGroup, GroupWindow.Milliseconds(), (24 * time.Hour).Milliseconds())
}

// pendingPost is a post that waits for its commit.
type pendingPost struct {
	input       NewMessage
	message     Message  // the message that the post makes
	sessionUsed int64    // when the author's session was last used, in Unix milliseconds
	first       *Message // the message of the first post with the same nonce; nil if this is the first
}

// write returns the statements that insert the message and count it as unread for the room's
// members, who are the recipients.
func (p *pendingPost) write(at place, members *recipients) []*database.Statement {
	n, m := p.input, &p.message
	var session any
	if n.Session != (TokenHash{}) {
		session = n.Session[:]
	}
	insert := &database.Statement{
		Query: insertMessage,
		Arguments: []any{
			n.Room, at.later, n.Author, session,
			m.PostedAt.Add(-SessionIdleLifetime).UnixMilli(), m.PostedAt.Add(-SessionLifetime).UnixMilli(),
			n.Nonce, n.Source, n.HTML, n.Text, n.mentionsColumn(), n.Renderer, m.PostedAt.UnixMilli(),
		},
		Read: database.Into(&m.Continues, &m.Author.Username, &m.Author.DisplayName, &m.Author.Picture, &p.sessionUsed),
	}
	if at.mayContinue {
		insert.Query = insertJoining
	}
	statements := []*database.Statement{insert}
	if n.ReplyTo != 0 {
		insert.Query, insert.Arguments = insertReply, append(insert.Arguments, n.ReplyTo)
		statements = append(statements, p.writeReply()...)
	}
	if at.kind.HasMembers() {
		statements = append(statements,
			&database.Statement{Query: countUnread, Arguments: []any{n.Room, n.Author, at.later}, Read: members.read})
	}
	return statements
}

// now returns the message as posted at the current time. Its Seq and Version are not set.
func (n NewMessage) now() Message {
	return Message{
		Room: n.Room, Author: Person{ID: n.Author}, Nonce: n.Nonce,
		Source: n.Source, HTML: n.HTML, Mentions: n.mentionsColumn(), PostedAt: now(),
	}
}
