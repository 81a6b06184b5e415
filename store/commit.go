package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"plaza/store/database"
)

// maxBatch is how many changes may share one commit. Beyond it a commit's own cost is small beside
// that of its rows.
const maxBatch = 64

// change is a change of a room's log that waits for its commit. It takes the room's next version.
// Changes that wait at the same time share one commit.
type change struct {
	room int64
	// author and at are of what the change adds to the log, which the next message may continue.
	// The author is 0 if none may.
	author int64
	at     time.Time
	// write returns the statements that carry the change out.
	write func(p place) []*database.Statement
	// refusal says why the change may not be carried out; nil if it may. It is asked after a
	// statement found that one may not be.
	refusal func(ctx context.Context) error
	post    *pendingPost // nil if the change posts nothing

	version int64 // the room's, once the change is committed
	last    int64 // the room's version after all changes of the same commit
	err     error
	done    chan struct{}
}

// place is where a change stands in its commit.
type place struct {
	kind     RoomKind
	previous *change // the one before it in its room; nil if it is the first
	later    int     // how many of its room come after it: its version is as many before the room's
}

// commit carries a change out together with those that wait at the same time, and returns once it
// is on disk. Once taken up, a change is finished even if ctx ends: the caller then does not learn
// how.
func (s *Store) commit(ctx context.Context, c *change) error {
	c.done = make(chan struct{})
	select {
	case s.changes <- c:
		if c.post != nil {
			c.post.asked.Announced.End()
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
		default: // it came too late to be taken up
			return errClosing
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.err
}

// writeChanges commits changes, all that wait at a time, until the store closes. It still writes
// those that wait then.
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

// gather adds the changes that wait, and posts that are announced and come soon enough.
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

// writeBatch has changes share a commit. Posts that were made before get their first message, and
// changes that may not be carried out get the reason. If the commit fails for another reason, each
// change is tried alone, so that one that cannot be written takes no other with it.
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

// resolverFor returns what is asked about changes whose commit failed: it gives those their answer that
// need no commit, and returns the others. It is nil if all may need one.
func (s *Store) resolverFor(err error) func(ctx context.Context, changes []*change) (others []*change, failure error) {
	switch {
	case database.IsUniqueViolation(err):
		return s.findFirst
	case database.IsNullViolation(err):
		return s.refuse
	}
	return nil
}

// commitTogether writes changes in one transaction, room by room: all of them, or none.
func (s *Store) commitTogether(ctx context.Context, changes []*change) error {
	byRoom := map[int64][]*change{}
	for _, c := range changes {
		byRoom[c.room] = append(byRoom[c.room], c)
	}
	// In the same order everywhere: two servers that lock each other's next room would wait for
	// ever.
	rooms := slices.Sorted(maps.Keys(byRoom))
	versions := make([]int64, len(rooms))
	kinds := make([]RoomKind, len(rooms))
	var statements []*database.Statement
	for i, room := range rooms {
		var err error
		if kinds[i], err = s.kindOf(ctx, room); err != nil {
			return err
		}
		statements = append(statements, inRoom(byRoom[room], kinds[i], &versions[i])...)
	}
	// At the end, so that what they lock is not held for long.
	statements = append(statements, s.notificationsOf(byRoom, rooms, kinds)...)
	if err := s.database.Commit(ctx, statements); err != nil {
		return err
	}
	for i, room := range rooms {
		for j, c := range byRoom[room] {
			c.version, c.last, c.err = versions[i]-int64(len(byRoom[room])-1-j), versions[i], nil
		}
	}
	return nil
}

// inRoom returns the statements that carry out the changes of one room. They read the room's version.
func inRoom(changes []*change, kind RoomKind, version *int64) []*database.Statement {
	room, last := changes[0].room, changes[len(changes)-1]
	statements := []*database.Statement{{Query: takeVersions, Arguments: []any{room, len(changes)}, Read: database.Into(version)}}
	var previous *change
	for i, c := range changes {
		statements = append(statements, c.write(place{kind, previous, len(changes) - 1 - i})...)
		previous = c
	}
	return append(statements, &database.Statement{Query: updateLastPost, Arguments: []any{room, last.author, last.at.UnixMilli()}})
}

// refuse gives those changes their reason that may not be carried out, and posts that were made
// before their first message. It returns the others.
func (s *Store) refuse(ctx context.Context, changes []*change) (others []*change, err error) {
	for _, c := range changes {
		reason := c.refusal(ctx)
		switch kind := KindOf(reason); {
		case reason == nil && len(changes) == 1: // but it might not have been before
			c.err = errChanged
		case reason == nil:
			others = append(others, c)
		case kind == NotFound || kind == Invalid:
			c.err = reason
			if c.post != nil && !errors.Is(reason, errDeleted) {
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
