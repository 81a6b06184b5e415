package store

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"

	"plaza/store/database"
)

const (
	// MaxReactions is the maximum number of kinds of reactions to a message. A kind is an emoji.
	MaxReactions = 20
	// ReactorsNamed is how many of the users who reacted with an emoji a message names.
	ReactorsNamed = 8
)

// Reactions are the reactions to a message, as its row holds them: of each kind the emoji, the number of users and
// the ids of the newest ones. So pages and fragments show them without another query.
type Reactions string

// Reaction is a kind of reaction to a message.
type Reaction struct {
	Emoji  string
	Count  int    // the number of users who reacted with the emoji
	Newest string // the ids of the last ReactorsNamed of them, separated by spaces, the latest first
}

// All returns the kinds in the order in which they began.
func (r Reactions) All() iter.Seq[Reaction] {
	return func(yield func(Reaction) bool) {
		for kind := range strings.SplitSeq(string(r), ",") {
			emoji, rest, _ := strings.Cut(kind, " ")
			number, newest, _ := strings.Cut(rest, " ")
			if count, err := strconv.Atoi(number); err == nil && !yield(Reaction{emoji, count, newest}) {
				return
			}
		}
	}
}

const (
	// reactionsColumn is the SQL expression for the Reactions to message m.
	reactionsColumn = `coalesce((SELECT string_agg(k.emoji || ' ' || k.count || ' ' || k.newest, ',' ORDER BY k.began_at, k.emoji)
		FROM reaction_kinds k WHERE k.message_id = m.id), '')`

	insertReaction     = `INSERT INTO reactions (message_id, emoji, user_id, at) VALUES ($1, $2, $3, $4)`
	insertReactionKind = `INSERT INTO reaction_kinds (message_id, emoji, count, newest, began_at)
		VALUES ($1, $2, 0, '', $3) ON CONFLICT (message_id, emoji) DO NOTHING`
	deleteReaction      = `DELETE FROM reactions WHERE message_id = $1 AND emoji = $2 AND user_id = $3`
	deleteReactionKinds = `DELETE FROM reaction_kinds WHERE message_id = $1 AND count = 0`
	// hasReacted is the condition that user $3 has reacted to message m with emoji $4.
	hasReacted = `EXISTS (SELECT 1 FROM reactions a WHERE a.message_id = m.id AND a.emoji = $4 AND a.user_id = $3)`
)

var (
	// countReaction adds $3 to the count of the kind $2 of reactions to message $1, and finds its newest users.
	countReaction = `UPDATE reaction_kinds SET count = count + $3, newest = coalesce((
			SELECT string_agg(CAST(a.user_id AS TEXT), ' ' ORDER BY a.at DESC, a.user_id DESC)
			FROM (SELECT user_id, at FROM reactions WHERE message_id = $1 AND emoji = $2
				ORDER BY at DESC, user_id DESC LIMIT ` + strconv.Itoa(ReactorsNamed) + `) AS a), '')
		WHERE message_id = $1 AND emoji = $2`
	// fitsReaction is the condition that emoji $4 is one of at most MaxReactions kinds of reactions to message m.
	fitsReaction = `(EXISTS (SELECT 1 FROM reaction_kinds k WHERE k.message_id = m.id AND k.emoji = $4)
		OR (SELECT count(*) FROM reaction_kinds k WHERE k.message_id = m.id) < ` + strconv.Itoa(MaxReactions) + `)`
)

// React adds a user's reaction to a message. If it is there, nothing changes. The emoji must be one, in its normal
// form. The author of the message is notified. The kind is NotFound if the user may not read the room or if there is
// no such message, Conflict if it was deleted, and Invalid if the user may not write in the room or the message has
// MaxReactions other kinds.
func (s *Store) React(ctx context.Context, userID, room, seq int64, emoji string) (Changed, error) {
	id, message, err := s.reactable(ctx, userID, room, seq, emoji)
	if errors.Is(err, errReacted) {
		return Changed{Message: message}, nil
	}
	if err != nil {
		return Changed{}, err
	}
	at := now()
	changed, err := s.changeMessage(ctx, messageChange{
		room: room, seq: seq, user: userID, at: at,
		reaction: &newReaction{emoji: emoji, author: message.Author.ID},
		allowed: `NOT ` + isDeleted + ` AND NOT ` + hasReacted + ` AND ` + fitsReaction + ` AND ` + writableBy("$3") + `
			AND EXISTS (SELECT 1 FROM users WHERE id = $3 AND deleted_at = 0)`,
		limits: []any{emoji},
		before: []*database.Statement{
			{Query: insertReaction, Arguments: []any{id, emoji, userID, at.UnixMilli()}},
			{Query: insertReactionKind, Arguments: []any{id, emoji, at.UnixMilli()}},
			{Query: countReaction, Arguments: []any{id, emoji, 1}},
		},
		set:     `reactions = ` + reactionsColumn,
		refusal: func(ctx context.Context) error { _, _, err := s.reactable(ctx, userID, room, seq, emoji); return err },
	})
	if errors.Is(err, errReacted) { // meanwhile, from another page
		return s.unchanged(ctx, room, seq)
	}
	return changed, err
}

// RemoveReaction removes a user's reaction to a message. If it is not there, nothing changes. The kind is NotFound if
// the user may not read the room or if there is no such message, and Conflict if it was deleted.
func (s *Store) RemoveReaction(ctx context.Context, userID, room, seq int64, emoji string) (Changed, error) {
	removable := func(ctx context.Context) (int64, Message, error) {
		id, message, err := s.reactable(ctx, userID, room, seq, emoji)
		switch {
		case errors.Is(err, errReacted):
			err = nil
		case err == nil || KindOf(err) == Invalid:
			err = errNotReacted
		}
		return id, message, err
	}
	id, message, err := removable(ctx)
	if errors.Is(err, errNotReacted) {
		return Changed{Message: message}, nil
	}
	if err != nil {
		return Changed{}, err
	}
	changed, err := s.changeMessage(ctx, messageChange{
		room: room, seq: seq, user: userID, at: now(),
		allowed: `NOT ` + isDeleted + ` AND ` + hasReacted + ` AND ` + readableBy("$3"),
		limits:  []any{emoji},
		before: []*database.Statement{
			{Query: deleteReaction, Arguments: []any{id, emoji, userID}},
			{Query: countReaction, Arguments: []any{id, emoji, -1}},
			{Query: deleteReactionKinds, Arguments: []any{id}},
		},
		set:     `reactions = ` + reactionsColumn,
		refusal: func(ctx context.Context) error { _, _, err := removable(ctx); return err },
	})
	if errors.Is(err, errNotReacted) { // meanwhile, from another page
		return s.unchanged(ctx, room, seq)
	}
	return changed, err
}

// reactable returns the message that a user may react to with an emoji, and its id, or the reason why the user may not.
// The reason is errReacted if the user has.
func (s *Store) reactable(ctx context.Context, userID, room, seq int64, emoji string) (id int64, message Message, err error) {
	found, message, err := s.Message(ctx, userID, room, seq)
	if err == nil && message.Deleted {
		err = errMessageDeleted
	}
	if err != nil {
		return 0, message, err
	}
	var reacted, fits bool
	err = s.queryRow(ctx, `SELECT m.id, `+hasReacted+`, `+fitsReaction+` FROM messages m WHERE m.room_id = $1 AND m.seq = $2`,
		room, seq, userID, emoji).Scan(&id, &reacted, &fits)
	switch {
	case err != nil:
	case reacted:
		err = errReacted
	case !found.Access.Write:
		err = found.closedError()
	case !fits:
		err = &Error{Kind: Invalid, Code: CodeTooManyReactions}
	}
	return id, message, err
}

var (
	errReacted    = &Error{Kind: Conflict} // the user has reacted with the emoji
	errNotReacted = &Error{Kind: Conflict} // the user has not
)
