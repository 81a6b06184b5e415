package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// Changed is the result of a change of a message.
type Changed struct {
	Message            // as it is now; a later change may be in it
	At           int64 // the room's version at this change; 0 if nothing had to change
	Last         int64 // the room's version after the commit
	InboxChanged []int64
}

// messageChange is a change of a message that a user may read.
type messageChange struct {
	room, seq, user int64
	at              time.Time
	mentioned       []string // who is notified of a mention
	// allowed is the condition that the user, who is $3, may make the change to message m in room r. The
	// parameters after that are in limits.
	allowed string
	limits  []any
	before  []*database.Statement // come before the change to the message
	// reaction is the reaction that the change adds; nil if it adds none.
	reaction *newReaction
	// set assigns new values to columns of message m. The parameters from $4 on are in values.
	set    string
	values []any
	// refusal returns why the change is not allowed, or nil. It reads the current state.
	refusal func(ctx context.Context) error
}

// changeMessage makes a change, as the next version of its room. It returns when the change is on disk.
func (s *Store) changeMessage(ctx context.Context, m messageChange) (Changed, error) {
	c := &change{room: m.room, seq: m.seq, author: m.user, at: m.at, mentioned: m.mentioned, reaction: m.reaction, refusal: m.refusal}
	c.write = func(at place) []*database.Statement {
		// If the change is not allowed, the version is NULL, and the NOT NULL constraint makes the commit fail.
		statements := []*database.Statement{{
			Query: `UPDATE rooms AS r SET version = CASE WHEN EXISTS (SELECT 1 FROM messages m
				WHERE m.room_id = r.id AND m.seq = $2 AND m.event = '' AND ` + m.allowed + `) THEN version END WHERE r.id = $1`,
			Arguments: append([]any{m.room, m.seq, m.user}, m.limits...),
		}}
		return append(append(statements, m.before...), &database.Statement{
			Query: `UPDATE messages AS m SET version = (SELECT r.version - $3 FROM rooms r WHERE r.id = $1), ` + m.set + `
				WHERE m.room_id = $1 AND m.seq = $2`,
			Arguments: append([]any{m.room, m.seq, at.later}, m.values...),
		})
	}
	if err := s.commit(ctx, c); err != nil {
		return Changed{}, err
	}
	now, err := s.messageAt(ctx, m.room, m.seq)
	return Changed{Message: now, At: c.version, Last: c.last, InboxChanged: c.recipients}, err
}

// Message returns a message in a room that a user may read. The kind is NotFound if there is none, or if the user
// may not read the room.
func (s *Store) Message(ctx context.Context, userID, room, seq int64) (Room, Message, error) {
	found, err := s.RoomFor(ctx, userID, room)
	if err != nil {
		return Room{}, Message{}, err
	}
	m, err := s.messageAt(ctx, room, seq)
	if err == nil && m.Event != "" {
		err = errNoMessage
	}
	return found, m, err
}

// messageAt returns the message or event at a place in a room.
func (s *Store) messageAt(ctx context.Context, room, seq int64) (Message, error) {
	m, err := scanMessage(s.queryRow(ctx, messageAt, room, seq))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoMessage
	}
	return m, err
}

// OwnMessage returns a message that a user wrote, and that is not deleted. The kind is NotFound if there is none that
// the user may read, Forbidden if another user wrote it, and Conflict if it is deleted.
func (s *Store) OwnMessage(ctx context.Context, userID, room, seq int64) (Message, error) {
	_, m, err := s.ownMessage(ctx, userID, room, seq)
	if err == nil && m.Deleted {
		err = errMessageDeleted
	}
	return m, err
}

// ownMessage returns a message that a user wrote. The kind is Forbidden if another user wrote it.
func (s *Store) ownMessage(ctx context.Context, userID, room, seq int64) (Room, Message, error) {
	found, m, err := s.Message(ctx, userID, room, seq)
	if err == nil && m.Author.ID != userID {
		err = errOfAnother
	}
	return found, m, err
}

var (
	errNoMessage = &Error{Kind: NotFound, Code: CodeMessageUnknown}
	errOfAnother = &Error{Kind: Forbidden, Code: CodeMessageOfAnother}

	errMessageDeleted = &Error{Kind: Conflict, Code: CodeMessageDeleted}
)
