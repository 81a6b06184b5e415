package live

import (
	"context"
	"fmt"
)

// extend reads from the store what a reader at cursor lacks and the ring has not. It reads all that
// any reader may be replayed, so that one read serves all. A members' room has few readers and a
// small ring: it reads no more than this reader needs.
func (r *room) extend(ctx context.Context, cursor int64) error {
	r.mu.Lock()
	generation, upTo := r.generation, r.ring.from
	after := max(0, r.ring.head-maxReplay)
	if r.private {
		after = max(after, cursor)
	}
	r.mu.Unlock()
	if after >= upTo {
		return nil
	}
	_, err, _ := r.reads.Do(fmt.Sprintf("older %d %d %d", generation, after, upTo), func() (any, error) {
		if r.reachesBackTo(after) { // by a read that ended just now
			return nil, nil
		}
		older, err := r.source.Changes(context.WithoutCancel(ctx), r.id, after, upTo)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ring.from == upTo && r.generation == generation {
			r.ring.prepend(after, older)
		}
		return nil, nil
	})
	return err
}

func (r *room) reachesBackTo(version int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ring.from <= version
}

// after returns one frame of all that a reader has yet to see, and the cursor to which it brings the
// reader. The frame is nil if there is nothing. The error is errOutside if the reader may not read
// the room. The caller is a writer: it lends its place while it waits for the store.
func (r *room) after(conn *Conn) (frame, int64, error) {
	if f, version, ok := r.ringAfter(conn); ok {
		return f, version, nil
	}
	r.writers.lend()
	defer r.writers.takeBack()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	return r.storeAfter(ctx, conn)
}

// ringAfter is after without the store; ok is false if the store has to be asked.
func (r *room) ringAfter(conn *Conn) (f frame, version int64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	cursor, head := conn.cursor, r.ring.head
	switch {
	case !r.loaded, !conn.isInside(), cursor > head, cursor < r.ring.from, head-cursor > maxReplay:
		return nil, cursor, false
	case cursor == head:
		return nil, cursor, true
	}
	f = r.frames[cursor]
	if f == nil {
		f = newFrame(r.source.FrameChanges(r.id, head, r.ring.after(cursor)))
		r.keepFrame(cursor, f)
	}
	return f, head, true
}

// maxFrames is how many frames a room keeps. Most readers are at a few cursors.
const maxFrames = 16

// keepFrame keeps a frame for other readers at the same cursor. The caller holds mu.
func (r *room) keepFrame(cursor int64, f frame) {
	if len(r.conns) == 1 || len(r.frames) == maxFrames {
		return
	}
	if r.frames == nil {
		r.frames = map[int64]frame{}
	}
	r.frames[cursor] = f
}

// storeAfter is after with the store. It asks first how far the room is, because that may request a
// recheck of the reader.
func (r *room) storeAfter(ctx context.Context, conn *Conn) (frame, int64, error) {
	r.mu.Lock()
	loaded, from, head := r.loaded, r.ring.from, r.ring.head
	outside, rechecked := conn.outside, conn.recheck != 0
	r.mu.Unlock()
	cursor := conn.cursor
	switch {
	case outside:
		return nil, cursor, errOutside
	case !loaded:
		if _, err := r.newest(ctx); err != nil {
			return nil, cursor, err
		}
	case cursor > head:
		// The reader's page came from the store, which may be ahead of what was published here.
		// Or a backup was restored, and the reader has seen another history.
		page, err := r.beyond(ctx, cursor)
		if err != nil {
			return nil, cursor, err
		}
		if cursor > page.Version {
			return r.pageFor(ctx, conn, page)
		}
	case cursor == Nowhere, head-cursor > maxReplay:
		page, err := r.newest(ctx)
		if err != nil {
			return nil, cursor, err
		}
		return r.pageFor(ctx, conn, page)
	case rechecked:
		if err := r.admit(ctx, conn); err != nil {
			return nil, cursor, err
		}
	case cursor < from:
		if err := r.extend(ctx, cursor); err != nil {
			return nil, cursor, err
		}
	}
	if f, version, ok := r.ringAfter(conn); ok {
		return f, version, nil
	}
	return r.storeAfter(ctx, conn) // the room has changed meanwhile, or its version is known only now
}
