package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

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

// quoteColumn is a quote as one text, of a row q of messages and its author qu, or the empty string if there is no row q.
// Each column of each row of a page costs, and most messages answer none. Each part is a line.
var quoteColumn = `CASE WHEN q.id IS NULL THEN '' ELSE ` + strings.Join([]string{
	`q.seq`, `q.version`, `CASE WHEN ` + isDeletedIn("q") + ` THEN 1 ELSE 0 END`, `qu.id`, `qu.username`, `replace(qu.display_name, '` + "\n" + `', ' ')`,
	`qu.picture`, `CASE WHEN qu.deleted_at > 0 THEN 1 ELSE 0 END`, excerptColumn("q"),
}, ` || '`+"\n"+`' || `) + ` END`

// parseQuote parses quoteColumn.
func parseQuote(text string) (Quote, error) {
	if text == "" {
		return Quote{}, nil
	}
	const parts = 9
	part := strings.SplitN(text, "\n", parts)
	if len(part) < parts {
		return Quote{}, fmt.Errorf("a quote has %d parts", len(part))
	}
	var numbers [5]int64
	var errs [len(numbers)]error
	for i, at := range []int{0, 1, 2, 3, 7} {
		numbers[i], errs[i] = strconv.ParseInt(part[at], 10, 64)
	}
	return Quote{
		Seq: numbers[0], Version: numbers[1], Deleted: numbers[2] > 0, Excerpt: excerpt(part[8]),
		Author: Person{ID: numbers[3], Username: part[4], DisplayName: part[5], Picture: part[6], Deleted: numbers[4] > 0},
	}, errors.Join(errs[:]...)
}

// read reads quoteColumn.
func (q *Quote) read(row database.Row) error {
	var text string
	err := row.Scan(&text)
	if err == nil {
		*q, err = parseQuote(text)
	}
	return err
}

// quoteAt finds the quote of a message.
var quoteAt = `SELECT ` + quoteColumn + ` FROM messages q JOIN users qu ON qu.id = q.author_id
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
