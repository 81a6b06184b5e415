package store

import (
	"time"

	"plaza/store/database"
)

var (
	// A post's version is the room's, less the posts of the same commit that come later. Where there is
	// no such room there is no version, which breaks the rule that each message has one.
	insertMessage = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, $8, $9, $10, $11 FROM ` + itsRoom
	// The first post of a commit learns from the room's row whether it continues a group: sameGroup,
	// in SQL.
	insertFirst = `
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		SELECT r.id, r.version - $2, r.version - $2, ` + mayWrite + `, $4, $5, $6, $7, $8, $9, r.last_author_id = $3
			AND $10 - r.last_posted_at BETWEEN 0 AND $11 AND $10 / $12 = r.last_posted_at / $12, $10
		FROM ` + itsRoom + ` RETURNING continues`
	// The author must exist and be allowed to write. Otherwise there is no author, which breaks the rule
	// that each message has one. Whoever changes that locks the room's row, too.
	mayWrite = `(SELECT author.id FROM users author WHERE author.id = $3 AND author.deleted_at = 0 AND ` + writableBy("author.id") + `)`
)

const (
	itsRoom  = `(SELECT 1) AS here LEFT JOIN rooms r ON r.id = $1`
	noteLast = `UPDATE rooms SET last_author_id = $2, last_posted_at = $3 WHERE id = $1`
)

const millisecondsOfDay = 24 * 60 * 60 * 1000

// postsInRoom returns what gives each post of one room the next version, and what is to be
// noted of the posts once that is committed.
func postsInRoom(room int64, kind RoomKind, posts []*pendingPost) (statements []*database.Statement, note func()) {
	var version int64
	statements = append(statements, &database.Statement{Query: takeVersions, Arguments: []any{room, len(posts)}, Read: database.Into(&version)})
	messages := make([]Message, len(posts))
	for i, post := range posts {
		n, m, after := post.asked, &messages[i], len(posts)-1-i
		*m = n.now()
		insert := &database.Statement{Query: insertMessage}
		if i == 0 {
			insert.Query, insert.Read = insertFirst, database.Into(&m.Continues)
			insert.Arguments = []any{
				room, after, n.Author.ID, n.Nonce, n.Source, n.HTML, n.Text, n.mentionsColumn(), n.Renderer,
				m.PostedAt.UnixMilli(), GroupWindow.Milliseconds(), millisecondsOfDay,
			}
		} else {
			last := messages[i-1]
			m.Continues = n.Author.ID == last.Author.ID && sameGroup(last.PostedAt, m.PostedAt)
			insert.Arguments = []any{
				room, after, n.Author.ID, n.Nonce, n.Source, n.HTML, n.Text, n.mentionsColumn(), n.Renderer,
				m.Continues, m.PostedAt.UnixMilli(),
			}
		}
		statements = append(statements, insert)
	}
	last := messages[len(messages)-1]
	statements = append(statements, &database.Statement{Query: noteLast, Arguments: []any{room, last.Author.ID, last.PostedAt.UnixMilli()}})
	if kind.HasMembers() {
		for i, post := range posts {
			statements = append(statements, &database.Statement{
				Query: noteUnread, Arguments: []any{room, post.asked.Author.ID, len(posts) - 1 - i}, Read: post.readRecipient,
			})
		}
	}
	return statements, func() {
		for i, post := range posts {
			post.message, post.err = messages[i], nil
			post.message.Seq = version - int64(len(posts)-1-i)
			post.message.Version = post.message.Seq
		}
	}
}

// now is the message that is posted now; its place is yet to be found.
func (n NewMessage) now() Message {
	return Message{
		Room: n.Room, Author: n.Author, Nonce: n.Nonce,
		Source: n.Source, HTML: n.HTML, Mentions: n.mentionsColumn(), PostedAt: now(),
	}
}

// sameGroup tells whether a message posted at next may continue the group of one at last.
func sameGroup(last, next time.Time) bool {
	gap := next.Sub(last)
	return gap >= 0 && gap <= GroupWindow && last.UTC().YearDay() == next.UTC().YearDay()
}
