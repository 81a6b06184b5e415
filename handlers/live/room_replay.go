package live

import (
	"context"
	"fmt"
)

// extend reads from the store what a reader at version lacks and the ring has not. It reads all that
// any reader may be replayed, so that one read serves all. A members' room has few readers and a
// small ring: it reads no more than this reader needs.
func (r *room) extend(ctx context.Context, version int64) error {
	r.mu.Lock()
	generation, upTo := r.generation, r.ring.from
	after := max(0, r.ring.head-maxReplay)
	if r.private {
		after = max(after, version)
	}
	r.mu.Unlock()
	if after >= upTo {
		return nil
	}
	_, err, _ := r.reads.Do(fmt.Sprintf("older %d %d %d", generation, after, upTo), func() (any, error) {
		if r.reachesBackTo(after) { // by a read that ended just now
			return nil, nil
		}
		older, progress, err := r.source.Changes(context.WithoutCancel(ctx), r.id, after, upTo)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ring.from == upTo && r.generation == generation && r.confirm(upTo, progress) {
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
func (r *room) after(conn *Conn) (frame, Cursor, error) {
	if f, to, ok := r.ringAfter(conn); ok {
		return f, to, nil
	}
	r.writers.lend()
	defer r.writers.takeBack()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	return r.storeAfter(ctx, conn)
}

// ringAfter is after without the store; ok is false if the store has to be asked.
func (r *room) ringAfter(conn *Conn) (f frame, to Cursor, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	version, head := conn.cursor.Version, r.ring.head
	switch {
	case !r.loaded, !conn.isInside(), !r.history.has(conn.cursor), version > head, version < r.ring.from, head-version > maxReplay:
		return nil, conn.cursor, false
	case version == head:
		return nil, conn.cursor, true
	}
	to = Cursor{r.history.Epoch, head}
	f = r.frames[version]
	if f == nil {
		f = newFrame(r.source.FrameChanges(r.id, to, r.ring.after(version)))
		r.keepFrame(version, f)
	}
	return f, to, true
}

// maxFrames is how many frames a room keeps. Most readers are at a few cursors.
const maxFrames = 16

// keepFrame keeps a frame for other readers at the same version. The caller holds mu.
func (r *room) keepFrame(version int64, f frame) {
	if len(r.conns) == 1 || len(r.frames) == maxFrames {
		return
	}
	if r.frames == nil {
		r.frames = map[int64]frame{}
	}
	r.frames[version] = f
}

// storeAfter is after with the store. It asks first how far the room is, because that may request a
// recheck of the reader.
func (r *room) storeAfter(ctx context.Context, conn *Conn) (frame, Cursor, error) {
	r.mu.Lock()
	known, from, head := r.loaded && !r.isDoubted(), r.ring.from, r.ring.head
	outside, rechecked, foreign := conn.outside, conn.recheck != 0, !r.history.has(conn.cursor)
	r.mu.Unlock()
	cursor, version := conn.cursor, conn.cursor.Version
	switch {
	case outside:
		return nil, cursor, errOutside
	case !known:
		if _, err := r.newest(ctx); err != nil {
			return nil, cursor, err
		}
	case version > head, foreign:
		// The reader's page came from the store, which may be ahead of what was published here.
		// Or the reader has seen another history.
		page, err := r.beyond(ctx, cursor)
		if err != nil {
			return nil, cursor, err
		}
		if version > page.Version || !page.History.has(cursor) {
			return r.pageFor(ctx, conn, page)
		}
	case version == Nowhere, head-version > maxReplay:
		page, err := r.newest(ctx)
		if err != nil {
			return nil, cursor, err
		}
		return r.pageFor(ctx, conn, page)
	case rechecked:
		if err := r.admit(ctx, conn); err != nil {
			return nil, cursor, err
		}
	case version < from:
		if err := r.extend(ctx, version); err != nil {
			return nil, cursor, err
		}
	}
	if f, to, ok := r.ringAfter(conn); ok {
		return f, to, nil
	}
	return r.storeAfter(ctx, conn) // the room has changed meanwhile, or its version is known only now
}
