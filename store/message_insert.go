package store

import (
	"slices"
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
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, $8, $9, $10, $11 FROM ` + fromRoom
	// The first post of a commit learns from the room's row whether it continues a group. This is
	// sameGroup in SQL.
	insertFirst = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer,
			continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, $8, $9, r.last_author_id = $3
			AND $10 - r.last_posted_at BETWEEN 0 AND $11 AND $10 / $12 = r.last_posted_at / $12, $10
		FROM ` + fromRoom + ` RETURNING continues`
	// The author must exist and be allowed to write. Otherwise the author's id is NULL, and the NOT
	// NULL constraint makes the commit fail. A transaction that changes who may write locks the
	// room's row too.
	mayWrite = `(SELECT author.id FROM users author
		WHERE author.id = $3 AND author.deleted_at = 0 AND ` + writableBy("author.id") + `)`
)

const (
	fromRoom       = `(SELECT 1) AS here LEFT JOIN rooms r ON r.id = $1`
	updateLastPost = `UPDATE rooms SET last_author_id = $2, last_posted_at = $3 WHERE id = $1`
)

const millisecondsOfDay = 24 * 60 * 60 * 1000

// pendingPost is a post that waits for its commit.
type pendingPost struct {
	input        NewMessage
	message      Message  // the message that the post makes
	first        *Message // the message of the first post with the same nonce; nil if this is the first
	inboxChanged []int64
}

// readRecipient adds a user whose inbox the post changes.
func (p *pendingPost) readRecipient(row database.Row) error {
	var user int64
	err := row.Scan(&user)
	if err == nil && !slices.Contains(p.inboxChanged, user) {
		p.inboxChanged = append(p.inboxChanged, user)
	}
	return err
}

// write returns the statements that insert the message and count it as unread for the room's
// members.
func (p *pendingPost) write(at place) []*database.Statement {
	n, m := p.input, &p.message
	insert := &database.Statement{Query: insertMessage, Arguments: []any{
		n.Room, at.later, n.Author.ID, n.Nonce, n.Source, n.HTML, n.Text, n.mentionsColumn(), n.Renderer,
	}}
	if at.previous == nil {
		insert.Query, insert.Read = insertFirst, database.Into(&m.Continues)
		insert.Arguments = append(insert.Arguments, m.PostedAt.UnixMilli(), GroupWindow.Milliseconds(), millisecondsOfDay)
	} else {
		m.Continues = n.Author.ID == at.previous.author && sameGroup(at.previous.at, m.PostedAt)
		insert.Arguments = append(insert.Arguments, m.Continues, m.PostedAt.UnixMilli())
	}
	if !at.kind.HasMembers() {
		return []*database.Statement{insert}
	}
	return []*database.Statement{
		insert,
		{Query: countUnread, Arguments: []any{n.Room, n.Author.ID, at.later}, Read: p.readRecipient},
	}
}

// now returns the message as posted at the current time. Its Seq and Version are not set.
func (n NewMessage) now() Message {
	return Message{
		Room: n.Room, Author: n.Author, Nonce: n.Nonce,
		Source: n.Source, HTML: n.HTML, Mentions: n.mentionsColumn(), PostedAt: now(),
	}
}

// sameGroup tells whether a message posted at next may continue the group of a message posted at
// last.
func sameGroup(last, next time.Time) bool {
	gap := next.Sub(last)
	return gap >= 0 && gap <= GroupWindow && last.UTC().YearDay() == next.UTC().YearDay()
}
