package store

import (
	"context"
	"database/sql"
	"errors"
)

// withoutRepeats splits a batch before the first post that repeats another post of the batch. A
// repeat can be answered after the other post is committed.
func withoutRepeats(batch []*change) (changes, rest []*change) {
	type key struct {
		author int64
		nonce  string
	}
	seen := make(map[key]bool, len(batch))
	for i, c := range batch {
		if c.post == nil {
			continue
		}
		k := key{c.author, c.post.input.Nonce}
		if seen[k] {
			return batch[:i], batch[i:]
		}
		seen[k] = true
	}
	return batch, nil
}

// findFirst sets the first message of each repeated post, and returns the other changes. It also
// returns a post for another room than its first message's, unless the post is the only change:
// that room may not exist, so the post is tried alone.
func (s *Store) findFirst(ctx context.Context, changes []*change) (others []*change, err error) {
	for _, c := range changes {
		if c.post == nil {
			others = append(others, c)
			continue
		}
		first, err := s.first(ctx, c.post.input)
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && first.Room != c.room && len(changes) > 1:
			others = append(others, c)
		case err != nil:
			return nil, err
		default:
			c.post.first, c.err = &first, nil
		}
	}
	return others, nil
}

// findOwn sets the first message of a refused post, if it was posted before in the same room.
func (s *Store) findOwn(ctx context.Context, c *change) error {
	first, err := s.first(ctx, c.post.input)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err == nil && first.Room == c.room:
		c.post.first, c.err = &first, nil
	}
	return err
}

// first returns the message that an author has posted with the same nonce. It returns sql.ErrNoRows
// if there is none.
func (s *Store) first(ctx context.Context, n NewMessage) (Message, error) {
	query := `SELECT ` + messageColumns + fromMessages + `
		WHERE m.author_id = $1 AND m.nonce = $2`
	return scanMessage(row{s.database, ctx, query, []any{n.Author, n.Nonce}, nil})
}

// postRefusal returns why a message may not be posted, or nil. The kind is NotFound if the author's
// account was deleted or if the author may not read the room. It is Invalid if the author may only
// read the room or if there is no message to answer, and Conflict if that was deleted. It is ErrSignedOut if the author's session has ended.
func (s *Store) postRefusal(ctx context.Context, n NewMessage) error {
	var lives bool
	err := s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND deleted_at = 0)`,
		n.Author).Scan(&lives)
	if err != nil {
		return err
	}
	if !lives {
		return errDeleted
	}
	if n.Session != (TokenHash{}) {
		if err := (&requiredSession{n.Session, n.Author}).check(s.rowQuery(ctx)); err != nil {
			return err
		}
	}
	room, err := s.RoomFor(ctx, n.Author, n.Room)
	if err == nil && !room.Access.Write {
		err = room.closedError()
	}
	if err == nil && n.ReplyTo != 0 {
		err = s.replyRefusal(ctx, n.Room, n.ReplyTo)
	}
	return err
}
