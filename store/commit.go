package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"plaza/store/database"
)

// maxBatch is the maximum number of changes in one commit. In larger batches, the cost of a commit
// is small compared with that of its rows.
const maxBatch = 64

// change is a change of a room's log that waits for its commit. It takes the room's next version.
// Changes waiting at the same time share one commit.
type change struct {
	room int64
	// seq is that of the message that the change changes; 0 if the change adds an entry to the log.
	seq int64
	// author is who makes the change. If it adds an entry, the author's next message may continue the
	// entry's group; the author is 0 if no message may.
	author int64
	at     time.Time
	// startsGroup tells that the entry continues no group.
	startsGroup bool
	// mentioned are the usernames of those who are notified of a mention in the message.
	mentioned []string
	// reaction is the reaction that the change adds to a message; nil if it adds none.
	reaction *newReaction
	// recipients are the users whose inboxes the change has changed; set by the commit.
	recipients recipients
	// write returns the statements that make the change.
	write func(p place) []*database.Statement
	// refusal returns why the change is not allowed, or nil if it is. It is called after a
	// statement has found that a change of the batch is not allowed.
	refusal func(ctx context.Context) error
	post    *pendingPost // nil if the change is not a post
	// session must not have ended; nil if none is required. Posts check their own.
	session *requiredSession

	version int64 // the room's version at the change; set by the commit
	history History
	last    int64 // the room's version after all changes of the same commit
	err     error
	done    chan struct{}
}

// recipients are users whose inboxes a change has changed.
type recipients []int64

// read adds the user of a row.
func (r *recipients) read(row database.Row) error {
	var user int64
	err := row.Scan(&user)
	if err == nil && !slices.Contains(*r, user) {
		*r = append(*r, user)
	}
	return err
}

// place is the position of a change in its commit.
type place struct {
	kind RoomKind
	// mayContinue tells whether the change may continue the group that the room's row describes. If
	// not, another author's change is right before it.
	mayContinue bool
	later       int // the number of later changes in its room; its version is the room's minus this
}

// mostAttempts is how often a change is tried that was not allowed, and then was: another server may make a change and
// undo it meanwhile.
const mostAttempts = 10

// commit makes a change as submit does, and tries it again if it was not allowed for a moment only.
func (s *Store) commit(ctx context.Context, c *change) error {
	err := s.submit(ctx, c)
	for attempt := 1; errors.Is(err, errChanged) && attempt < mostAttempts; attempt++ {
		err = s.submit(ctx, c)
	}
	return err
}

// submit waits until a change is on disk. Changes waiting at the same time share one commit. If ctx
// ends after the writer has taken the change, the change is still made, but the caller does not
// learn the result. If ctx requires a session that has ended, submit returns ErrSignedOut.
func (s *Store) submit(ctx context.Context, c *change) error {
	c.done = make(chan struct{})
	if c.post == nil {
		c.session = sessionOf(ctx)
	}
	select {
	case s.changes <- c:
		if c.post != nil {
			c.post.input.Announced.End()
		}
	case <-s.closing:
		return errClosing
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.done:
	case <-s.written:
		select {
		case <-c.done:
		default: // the store closed before the writer took the change
			return errClosing
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.err
}

// writeChanges commits waiting changes in batches until the store closes. It then commits the
// changes that still wait, and returns.
func (s *Store) writeChanges() {
	defer close(s.written)
	for {
		var batch []*change
		select {
		case first := <-s.changes:
			batch = append(batch, first)
		case <-s.closing:
			select {
			case first := <-s.changes:
				batch = append(batch, first)
			default:
				return
			}
		}
		batch = s.gather(batch)
		s.writeBatch(context.Background(), batch)
		for _, c := range batch {
			close(c.done)
		}
	}
}

// gather adds waiting changes to a batch. While posts are announced, it waits for more, up to
// announcedWait.
func (s *Store) gather(batch []*change) []*change {
	var over <-chan time.Time
	for len(batch) < maxBatch {
		select {
		case c := <-s.changes:
			batch = append(batch, c)
			continue
		default:
		}
		if s.announced.Load() == 0 {
			return batch
		}
		if over == nil {
			over = time.After(announcedWait)
		}
		select {
		case c := <-s.changes:
			batch = append(batch, c)
		case <-over:
			return batch
		}
	}
	return batch
}

// writeBatch commits changes together. A post with a repeated nonce gets its first message. A
// change that is not allowed gets the reason. If the commit fails for another reason, writeBatch
// tries each change alone, so that one bad change does not stop the others.
func (s *Store) writeBatch(ctx context.Context, batch []*change) {
	for len(batch) > 0 {
		changes, rest := withoutRepeats(batch)
		err := s.commitTogether(ctx, changes)
		if err == nil {
			batch = rest
			continue
		}
		if answer := s.resolverFor(err); answer != nil {
			others, failure := answer(ctx, changes)
			if failure == nil && len(others) < len(changes) {
				batch = slices.Concat(others, rest)
				continue
			}
			err = errors.Join(failure, err)
		}
		if len(batch) > 1 && KindOf(err) != Unavailable {
			for i := range batch {
				s.writeBatch(ctx, batch[i:i+1])
			}
			return
		}
		for _, c := range batch {
			c.err = err
		}
		return
	}
}

// resolverFor returns a function that answers the changes which made a commit fail with err. The
// function returns the changes that still need a commit. It is nil if no single change is the
// cause.
func (s *Store) resolverFor(err error) func(ctx context.Context, changes []*change) (others []*change, failure error) {
	switch {
	case database.IsUniqueViolation(err):
		return s.findFirst
	case database.IsNullViolation(err):
		return s.refuse
	}
	return nil
}

// commitTogether writes changes in one transaction, room by room: all of them or none.
func (s *Store) commitTogether(ctx context.Context, changes []*change) error {
	byRoom := map[int64][]*change{}
	for _, c := range changes {
		byRoom[c.room] = append(byRoom[c.room], c)
	}
	// Always in the same order. Otherwise two servers that lock the same rooms could wait for each
	// other forever.
	rooms := slices.Sorted(maps.Keys(byRoom))
	versions, histories := make([]int64, len(rooms)), make([]History, len(rooms))
	kinds := make([]RoomKind, len(rooms))
	var statements []*database.Statement
	for i, room := range rooms {
		var err error
		if kinds[i], err = s.kindOf(ctx, room); err != nil {
			return err
		}
		statements = append(statements, s.inRoom(byRoom[room], kinds[i], &versions[i], &histories[i])...)
	}
	// Last, so that their locks are held only briefly.
	statements = append(statements, s.notificationsOf(byRoom, rooms, kinds)...)
	if err := s.database.Commit(ctx, statements); err != nil {
		return err
	}
	for i, room := range rooms {
		for j, c := range byRoom[room] {
			c.version, c.last, c.err = versions[i]-int64(len(byRoom[room])-1-j), versions[i], nil
			c.history = histories[i]
		}
	}
	return nil
}

// inRoom returns the statements that make the changes of one room. They store the room's new
// version and its history. The room's row describes the newest group before each change that may
// continue it, and after the last change.
func (s *Store) inRoom(changes []*change, kind RoomKind, version *int64, history *History) []*database.Statement {
	room := changes[0].room
	statements := []*database.Statement{{
		Query: s.versions, Arguments: versionsOf(room, len(changes)),
		Read: database.Into(append([]any{version}, history.columns()...)...),
	}}
	var last *change               // the last one before that adds an entry
	var update *database.Statement // describes the newest group after it
	for i, c := range changes {
		statements = append(statements, c.session.statements(room)...)
		at := place{kind: kind, later: len(changes) - 1 - i}
		if c.seq > 0 {
			statements = append(statements, c.write(at)...)
			continue
		}
		at.mayContinue = !c.startsGroup && (last == nil || c.author != 0 && c.author == last.author)
		if last != nil && at.mayContinue {
			statements = append(statements, update)
		}
		statements = append(statements, c.write(at)...)
		last, update = c, c.updateGroup(at.mayContinue)
	}
	if update != nil {
		statements = append(statements, update)
	}
	return append(statements, deleteSentDrafts(room, changes)...)
}

// updateGroup returns the statement that makes the room's row describe the group of the change.
func (c *change) updateGroup(mayContinue bool) *database.Statement {
	update := &database.Statement{Query: startGroup, Arguments: []any{c.room, c.author, c.at.UnixMilli()}}
	if mayContinue {
		update.Query = joinGroup
	}
	return update
}

// refuse sets the error of each change that is not allowed. If such a change repeats an earlier
// post, refuse sets its first message instead. It returns the other changes.
func (s *Store) refuse(ctx context.Context, changes []*change) (others []*change, err error) {
	for _, c := range changes {
		reason := c.session.check(s.rowQuery(ctx))
		if reason == nil {
			reason = c.refusal(ctx)
		}
		switch kind := KindOf(reason); {
		case reason == nil && len(changes) == 1: // it is allowed since the commit failed
			c.err = errChanged
		case reason == nil:
			others = append(others, c)
		case kind == NotFound || kind == Invalid || kind == Conflict || kind == Forbidden:
			c.err = reason
			if c.post != nil && !errors.Is(reason, errDeleted) && !errors.Is(reason, ErrSignedOut) {
				if err := s.findOwn(ctx, c); err != nil {
					return nil, err
				}
			}
		default:
			return nil, reason
		}
	}
	return others, nil
}
