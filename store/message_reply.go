package store

import (
	"context"
	"database/sql"
	"errors"

	"plaza/store/database"
)

// Quote is what a reply shows of the message that it answers, as that is now.
type Quote struct {
	Seq     int64
	Version int64 // the room's version at the latest change of the message
	Author  Person
	Excerpt string
	Deleted bool // there is no text
}

// quoteColumns are the columns of a quote, of a row q of messages and its author qu, which may be missing.
var quoteColumns = `coalesce(q.seq, 0), coalesce(q.version, 0), coalesce(` + excerptColumn("q") + `, ''),
	coalesce(` + isDeletedIn("q") + `, FALSE), ` + personColumnsIfAny("qu")

// columns returns the destinations of quoteColumns, for Scan.
func (q *Quote) columns() []any {
	return append([]any{&q.Seq, &q.Version, &q.Excerpt, &q.Deleted}, q.Author.columns()...)
}

// read reads quoteColumns.
func (q *Quote) read(row database.Row) error {
	err := row.Scan(q.columns()...)
	q.Excerpt = excerpt(q.Excerpt)
	return err
}

// quoteAt finds the quote of a message.
var quoteAt = `SELECT ` + quoteColumns + ` FROM messages q JOIN users qu ON qu.id = q.author_id
	WHERE q.room_id = $1 AND q.seq = $2`

// Quote returns what a reply would show of a message. The kind is NotFound if the user may not read the room or if there
// is no such message.
func (s *Store) Quote(ctx context.Context, userID, room, seq int64) (Quote, error) {
	var quote Quote
	_, err := s.RoomFor(ctx, userID, room)
	if err == nil {
		err = quote.read(s.queryRow(ctx, quoteAt+` AND q.event = ''`, room, seq))
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoMessage
	}
	return quote, err
}

// countReply counts a reply to the message with seq $2 in its thread. It changes the row of the message that began the
// thread, and not its version: each reply says how many there are, so that pages need no other fragment.
const countReply = `UPDATE messages SET replies = replies + 1 WHERE room_id = $1 AND seq =
	(SELECT ` + threadOf + ` FROM messages q WHERE q.room_id = $1 AND q.seq = $2) RETURNING seq, replies`

// countDeletedReply and countRestoredReply count the message with seq $2 in its thread, if it is a reply.
const (
	countDeletedReply  = `UPDATE messages SET replies = replies - 1 ` + whoseReply
	countRestoredReply = `UPDATE messages SET replies = replies + 1 ` + whoseReply
	whoseReply         = `WHERE room_id = $1 AND seq =
		(SELECT d.thread FROM messages d WHERE d.room_id = $1 AND d.seq = $2 AND d.thread > 0)`
)

// threadOf is the seq of the message that began the thread of a reply to the message q.
const threadOf = `CASE WHEN q.thread > 0 THEN q.thread ELSE q.seq END`

// writeReply returns the statements that count a reply and read what it shows of its thread.
func (p *pendingPost) writeReply() []*database.Statement {
	arguments := []any{p.input.Room, p.input.ReplyTo}
	return []*database.Statement{
		{Query: countReply, Arguments: arguments, Read: database.Into(&p.message.Thread, &p.message.Replies)},
		{Query: quoteAt, Arguments: arguments, Read: p.message.Answers.read},
	}
}

// replyRefusal returns why nobody may reply to a message, or nil. The kind is Invalid if there is no such message in
// the room, and Conflict if it was deleted.
func (s *Store) replyRefusal(ctx context.Context, room, seq int64) error {
	message, err := s.messageAt(ctx, room, seq)
	switch {
	case KindOf(err) == NotFound, err == nil && message.Event != "":
		return errNothingToAnswer
	case err == nil && message.Deleted:
		return errAnswerToDeleted
	}
	return err
}

var (
	errNothingToAnswer = &Error{Kind: Invalid, Code: CodeReplyUnknown}
	errAnswerToDeleted = &Error{Kind: Conflict, Code: CodeReplyDeleted}
)
