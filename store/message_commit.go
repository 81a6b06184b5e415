package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"plaza/store/database"
)

// maxBatch is how many posts may share one commit. Beyond it a commit's own cost is small
// beside that of its rows.
const maxBatch = 64

// writePosts commits posts, all that wait at a time, until the store closes; those that
// wait then are still written.
func (s *Store) writePosts() {
	defer close(s.written)
	for {
		var batch []*pendingPost
		select {
		case first := <-s.posts:
			batch = append(batch, first)
		case <-s.closing:
			select {
			case first := <-s.posts:
				batch = append(batch, first)
			default:
				return
			}
		}
		for len(batch) < maxBatch && len(s.posts) > 0 {
			batch = append(batch, <-s.posts)
		}
		s.write(context.Background(), batch)
		for _, post := range batch {
			close(post.done)
		}
	}
}

// write has posts share a commit. Those that were made before get their first message, and those
// that may not be written hear why. Where the commit fails for another reason, each post is tried
// alone, so that one that cannot be written takes no other with it.
func (s *Store) write(ctx context.Context, batch []*pendingPost) {
	for len(batch) > 0 {
		posts, later := partition(batch)
		err := s.commitPosts(ctx, posts)
		if err == nil {
			batch = later
			continue
		}
		if answer := s.answerTo(err); answer != nil {
			others, failure := answer(ctx, posts)
			if failure == nil && len(others) < len(posts) {
				batch = slices.Concat(others, later)
				continue
			}
			err = errors.Join(failure, err)
		}
		if len(batch) > 1 && KindOf(err) != Unavailable {
			for i := range batch {
				s.write(ctx, batch[i:i+1])
			}
			return
		}
		for _, post := range batch {
			post.err = err
		}
		return
	}
}

// answerTo returns what is asked of posts whose commit failed: it gives those their answer that need no
// commit, and returns the others. It is nil where all may need one.
func (s *Store) answerTo(err error) func(ctx context.Context, posts []*pendingPost) (others []*pendingPost, failure error) {
	switch {
	case database.IsUniqueViolation(err):
		return s.findFirst
	case database.IsNullViolation(err):
		return s.refuse
	}
	return nil
}

// partition cuts a batch before what repeats another post of it: that can be answered once the
// other is committed.
func partition(batch []*pendingPost) (posts, later []*pendingPost) {
	type key struct {
		author int64
		nonce  string
	}
	seen := make(map[key]bool, len(batch))
	for i, post := range batch {
		k := key{post.asked.Author.ID, post.asked.Nonce}
		if seen[k] {
			return batch[:i], batch[i:]
		}
		seen[k] = true
	}
	return batch, nil
}

// findFirst gives those posts that were made before their first message, and returns the
// others. One that is for another room than its first is left to be tried alone: that room may
// not exist.
func (s *Store) findFirst(ctx context.Context, posts []*pendingPost) (missing []*pendingPost, err error) {
	for _, post := range posts {
		first, err := s.first(ctx, post.asked)
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && first.Room != post.asked.Room && len(posts) > 1:
			missing = append(missing, post)
		case err != nil:
			return nil, err
		default:
			post.message = first
		}
	}
	return missing, nil
}

// first returns the message that was made of a post before; sql.ErrNoRows where none was.
func (s *Store) first(ctx context.Context, n NewMessage) (Message, error) {
	const query = `SELECT ` + messageColumns + ` FROM messages m JOIN users u ON u.id = m.author_id WHERE m.author_id = $1 AND m.nonce = $2`
	return scanMessage(row{s.database, ctx, query, []any{n.Author.ID, n.Nonce}, nil})
}

// commitPosts writes posts in one transaction, room by room: all of them, or none.
func (s *Store) commitPosts(ctx context.Context, posts []*pendingPost) error {
	byRoom := map[int64][]*pendingPost{}
	for _, post := range posts {
		byRoom[post.asked.Room] = append(byRoom[post.asked.Room], post)
	}
	var statements []*database.Statement
	var noted []func()
	var withMembers []int64 // those of the rooms
	// In the same order everywhere: two servers that lock each other's next room would wait
	// for ever.
	rooms := slices.Sorted(maps.Keys(byRoom))
	for _, room := range rooms {
		kind, err := s.kindOf(ctx, room)
		if err != nil {
			return err
		}
		if kind.HasMembers() {
			withMembers = append(withMembers, room)
		}
		inRoom, note := postsInRoom(room, kind, byRoom[room])
		statements, noted = append(statements, inRoom...), append(noted, note)
	}
	// At the end, so that what they lock is not held for long.
	statements = append(statements, s.noticesOf(byRoom, rooms, withMembers)...)
	if err := s.database.Commit(ctx, statements); err != nil {
		return err
	}
	for _, note := range noted {
		note()
	}
	return nil
}

// refuse gives those posts their reason that may not be written, but for those that were made before,
// and returns the others.
func (s *Store) refuse(ctx context.Context, posts []*pendingPost) (others []*pendingPost, err error) {
	for _, post := range posts {
		reason := s.mayPost(ctx, post.asked)
		switch kind := KindOf(reason); {
		case reason == nil && len(posts) == 1: // but it might not have been before
			post.err = errChanged
		case reason == nil:
			others = append(others, post)
		case kind == NotFound || kind == Invalid:
			post.err = reason
			first, err := s.first(ctx, post.asked)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, err
			}
			if err == nil && first.Room == post.asked.Room && !errors.Is(reason, errDeleted) {
				post.message, post.err = first, nil
			}
		default:
			return nil, reason
		}
	}
	return others, nil
}

// mayPost is why a message may not be written: NotFound where its author's account was deleted, or
// its room is not there for them, and Invalid where they may only read it.
func (s *Store) mayPost(ctx context.Context, n NewMessage) error {
	var lives bool
	err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND deleted_at = 0)`, n.Author.ID).Scan(&lives)
	if err != nil {
		return err
	}
	if !lives {
		return errDeleted
	}
	room, err := s.RoomFor(ctx, n.Author.ID, n.Room)
	if err == nil && !room.Access.Write {
		err = &Error{Kind: Invalid, Code: CodeRoomClosed, Args: Args{Closed: room.Closed, Name: room.Other.Name()}}
	}
	return err
}
