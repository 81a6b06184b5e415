package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Nowhere is the cursor of a reader that has seen nothing of a room, or does not know what.
const Nowhere int64 = -1

// gapWait is how long a published change waits for those before it, whose posts are
// probably still on their way here, until the store is asked for them.
const gapWait = 50 * time.Millisecond

// readTimeout bounds what a hub waits for the store.
const readTimeout = 5 * time.Second

// room is what the hub holds of one room.
type room struct {
	id      int64
	source  Source
	writers *writers
	reads   singleflight.Group // one read of the store serves all that wait for it

	mu     sync.Mutex
	loaded bool // whether ring.head is known
	ring   ring
	parked map[int64]Entry // changes published before one that precedes them
	least  int64           // a version that the store is known to be at
	filler *time.Timer     // set while changes are known of that are not there
	conns  []*Conn
	used   time.Time

	frames map[int64][]byte // the frames that lead from a cursor to ring.head, for all at that cursor
	page   Page             // the latest page
	paged  []byte           // its frame, made when first needed
	era    int              // how often all of that was forgotten
}

// maxFrames bounds how many frames a room keeps: readers are mostly at few places.
const maxFrames = 16

func newRoom(id int64, source Source, writers *writers) *room {
	return &room{id: id, source: source, writers: writers, parked: map[int64]Entry{}, frames: map[int64][]byte{}}
}

func (r *room) touch() {
	r.mu.Lock()
	r.used = time.Now()
	r.mu.Unlock()
}

func (r *room) idleFor(d time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns) == 0 && time.Since(r.used) > d
}

func (r *room) add(conn *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	conn.place = len(r.conns)
	r.conns = append(r.conns, conn)
}

func (r *room) remove(conn *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	end := len(r.conns) - 1
	last := r.conns[end]
	r.conns[conn.place], last.place = last, conn.place
	r.conns[end] = nil
	r.conns = r.conns[:end]
	r.used = time.Now()
}

// publish takes a change in. It is handed on once all before it are there.
func (r *room) publish(entry Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && entry.Version <= r.ring.head {
		return
	}
	r.parked[entry.Version] = entry
	r.advance()
}

// advance hands on the parked changes that nothing is missing before, and has the store
// asked for what is missing before the others. The caller holds mu.
func (r *room) advance() {
	if !r.loaded {
		return
	}
	before := r.ring.head
	for version := range r.parked {
		if version <= before {
			delete(r.parked, version)
		}
	}
	for {
		next, ok := r.parked[r.ring.head+1]
		if !ok {
			break
		}
		delete(r.parked, next.Version)
		r.ring.append(next)
	}
	if r.ring.head > before {
		r.wake()
	}
	r.fillSoon(gapWait)
}

// fillSoon has the store asked for what is known of and missing, unless it comes within a time.
// The caller holds mu.
func (r *room) fillSoon(wait time.Duration) {
	if r.filler == nil && r.loaded && r.known() > r.ring.head {
		r.filler = time.AfterFunc(wait, r.fillGap)
	}
}

// expect notes that the store is at a version, at least: what leads there is probably on its
// way, and read from the store where it does not come.
func (r *room) expect(version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.least = max(r.least, version)
	r.fillSoon(gapWait)
}

func (r *room) hasReaders() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns) > 0
}

// wake has each reader told what comes after its cursor. The caller holds mu.
func (r *room) wake() {
	clear(r.frames)
	r.writers.wake(r.conns...)
}

// fillGap reads what is missing before the parked changes. Versions are committed in
// order, so all before a published one are in the store.
func (r *room) fillGap() {
	r.mu.Lock()
	r.filler = nil
	upTo := r.known()
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	if err := r.readUpTo(ctx, upTo); err != nil {
		// The database is away: what is missing stays so, and is tried again.
		r.mu.Lock()
		r.fillSoon(time.Second)
		r.mu.Unlock()
	}
}

// readUpTo brings the ring to a version that is known to be committed. Where that is further than
// anybody is replayed, what is before is left out.
func (r *room) readUpTo(ctx context.Context, upTo int64) error {
	r.mu.Lock()
	after := max(r.ring.head, upTo-maxReplay)
	r.mu.Unlock()
	if upTo <= after {
		return nil
	}
	_, err, _ := r.reads.Do(fmt.Sprintf("changes %d %d", after, upTo), func() (any, error) {
		if r.isAt(upTo) { // by a read that ended just now
			return nil, nil
		}
		entries, err := r.source.Changes(context.WithoutCancel(ctx), r.id, after, upTo)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ring.head >= upTo {
			return nil, nil
		}
		if after > r.ring.head {
			r.ring = ring{from: after, head: after}
		}
		for _, entry := range entries {
			if entry.Version > r.ring.head {
				r.ring.append(entry)
			}
		}
		r.ring.head = upTo
		r.wake()
		r.advance()
		return nil, nil
	})
	return err
}

func (r *room) isAt(version int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ring.head >= version
}

// newest returns the newest page, which is read once a version.
func (r *room) newest(ctx context.Context) (Page, error) {
	if page, ok := r.freshPage(); ok {
		return page, nil
	}
	return r.share("page", func() (Page, error) {
		if page, ok := r.freshPage(); ok { // by a read that ended just now
			return page, nil
		}
		return r.readNewest(ctx)
	})
}

// beyond returns the newest page that the store has, for a reader who has seen more than was
// published here. It is shared by those alone who have seen as much: an earlier read may
// return less than that.
func (r *room) beyond(ctx context.Context, cursor int64) (Page, error) {
	return r.share(fmt.Sprintf("beyond %d", cursor), func() (Page, error) { return r.readNewest(ctx) })
}

// share has one read of a page serve all who wait for it. One that waits for a read that
// began before its own change was committed would get a page without it; so a read is shared
// only by those who know no newer version.
func (r *room) share(name string, read func() (Page, error)) (Page, error) {
	r.mu.Lock()
	key := fmt.Sprintf("%s %d %d", name, r.era, r.known())
	r.mu.Unlock()
	page, err, _ := r.reads.Do(key, func() (any, error) { return read() })
	return page.(Page), err
}

// freshPage returns the latest page; ok is false where there is something newer.
func (r *room) freshPage() (page Page, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.page, r.loaded && r.page.Version >= r.known()
}

// known returns the newest version that is known of here. The caller holds mu.
func (r *room) known() int64 {
	newest := max(r.ring.head, r.least)
	for version := range r.parked {
		newest = max(newest, version)
	}
	return newest
}

// refresh forgets what was made of the store's content, but for how far the room is.
func (r *room) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.era++
	r.least = r.known()
	clear(r.parked)
	r.page, r.paged = Page{Version: -1}, nil
	r.ring = ring{from: r.ring.head, head: r.ring.head}
	clear(r.frames)
	r.fillSoon(gapWait)
}

// readNewest reads the newest page from the store, and learns from it how far the room is.
func (r *room) readNewest(ctx context.Context) (Page, error) {
	r.mu.Lock()
	era := r.era
	r.mu.Unlock()
	page, err := r.source.Newest(context.WithoutCancel(ctx), r.id)
	if err != nil {
		return Page{}, err
	}
	r.mu.Lock()
	if era == r.era && (page.Version >= r.page.Version || !r.loaded) {
		r.page, r.paged = page, nil
	}
	if !r.loaded {
		r.loaded = true
		r.ring = ring{from: page.Version, head: page.Version}
		r.advance()
	}
	r.mu.Unlock()
	return page, r.readUpTo(ctx, page.Version)
}

// extend reads from the store what a reader at cursor lacks and the ring has not: once,
// for all readers, since it reads all that any of them may be replayed.
func (r *room) extend(ctx context.Context) error {
	r.mu.Lock()
	era, upTo := r.era, r.ring.from
	after := max(0, r.ring.head-maxReplay)
	r.mu.Unlock()
	if after >= upTo {
		return nil
	}
	_, err, _ := r.reads.Do(fmt.Sprintf("older %d %d %d", era, after, upTo), func() (any, error) {
		if r.reachesBackTo(after) { // by a read that ended just now
			return nil, nil
		}
		older, err := r.source.Changes(context.WithoutCancel(ctx), r.id, after, upTo)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ring.from == upTo && r.era == era {
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

// after returns one frame of all that a reader at cursor has yet to see, and the cursor
// it brings the reader to; nil where there is nothing. It is for writers, which lend their
// places while they wait for the store.
func (r *room) after(cursor int64) ([]byte, int64, error) {
	if frame, version, ok := r.ringAfter(cursor); ok {
		return frame, version, nil
	}
	r.writers.lend()
	defer r.writers.takeBack()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	return r.storeAfter(ctx, cursor)
}

// ringAfter is after where the ring reaches back to the cursor; ok is false where it does not.
func (r *room) ringAfter(cursor int64) (frame []byte, version int64, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	head := r.ring.head
	switch {
	case !r.loaded, cursor > head, cursor < r.ring.from, head-cursor > maxReplay:
		return nil, cursor, false
	case cursor == head:
		return nil, cursor, true
	}
	frame = r.frames[cursor]
	if frame == nil {
		frame = r.source.FrameChanges(r.id, head, r.ring.after(cursor))
		if len(r.frames) < maxFrames {
			r.frames[cursor] = frame
		}
	}
	return frame, head, true
}

// storeAfter is after where the store has to be asked.
func (r *room) storeAfter(ctx context.Context, cursor int64) ([]byte, int64, error) {
	r.mu.Lock()
	loaded, from, head := r.loaded, r.ring.from, r.ring.head
	r.mu.Unlock()
	switch {
	case !loaded:
		if _, err := r.newest(ctx); err != nil {
			return nil, cursor, err
		}
	case cursor > head:
		// The reader's page came from the store, which may be ahead of what was published
		// here; or a backup was restored, and the reader's versions are not ours.
		page, err := r.beyond(ctx, cursor)
		if err != nil {
			return nil, cursor, err
		}
		if cursor > page.Version {
			return r.pageFrame(page), page.Version, nil
		}
	case cursor == Nowhere, head-cursor > maxReplay:
		page, err := r.newest(ctx)
		if err != nil {
			return nil, cursor, err
		}
		return r.pageFrame(page), page.Version, nil
	case cursor < from:
		if err := r.extend(ctx); err != nil {
			return nil, cursor, err
		}
	}
	if frame, version, ok := r.ringAfter(cursor); ok {
		return frame, version, nil
	}
	return r.storeAfter(ctx, cursor) // the room has gone on, or is known only now
}

// pageFrame returns the frame of a page, made once a page.
func (r *room) pageFrame(page Page) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if page.Version != r.page.Version {
		return r.source.FramePage(r.id, page)
	}
	if r.paged == nil {
		r.paged = r.source.FramePage(r.id, page)
	}
	return r.paged
}
