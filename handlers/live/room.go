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

// Room names a room, and says who reads it. That is the same whenever a room is named.
type Room struct {
	ID      int64
	Members bool // whether only members read it; they are also told who types, and the room's state
}

// room is what the hub holds of one room.
type room struct {
	id      int64
	private bool
	since   uint64 // the last seat that was taken before the hub had the room
	source  Source
	writers *writers
	reads   singleflight.Group // one read of the store serves all that wait for it

	mu     sync.Mutex
	loaded bool // whether ring.head is known
	ring   ring
	parked map[int64]Entry // changes published before one that precedes them; nil: there are none
	least  int64           // a version that the store is known to be at

	together int64       // readers are told nothing until the ring is there: what leads there was committed together
	filler   *time.Timer // set while changes are known of that are not there
	conns    []*Conn
	used     time.Time

	frames map[int64]frame // the frames that lead from a cursor to ring.head, for all at that cursor
	page   Page            // the latest page
	paged  frame           // its frame, made when first needed
	era    int             // how often all of that was forgotten

	// Of private rooms:
	doubts  int         // how often a reader came into doubt
	state   int64       // the number that the state has come to, at least
	latest  *State      // what was read of it of late
	resting *time.Timer // set while it is not read again
	typing  *typing     // nil: nobody has typed of late
	typed   uint64      // how often it was told who types
	quiet   int64       // where the ring's head was when that was last looked at
}

func newRoom(named Room, source Source, writers *writers) *room {
	r := &room{id: named.ID, private: named.Members, source: source, writers: writers}
	r.ring.most = maxRingBytes
	if r.private {
		r.ring.most = maxPrivateBytes
	}
	return r
}

// channels are those on which others tell of the room.
func (r *room) channels() []Channel {
	if r.hasTyping() {
		return []Channel{RoomChannel(r.id), TypingChannel(r.id)}
	}
	return []Channel{RoomChannel(r.id)}
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

// add makes a reader known, who is told as much of the room as others once they are in no doubt.
func (r *room) add(conn *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	conn.place = len(r.conns)
	r.conns = append(r.conns, conn)
	r.doubt(conn)
	if r.typing == nil {
		conn.typed = r.typed
	}
}

func (r *room) remove(conn *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !conn.outside {
		r.drop(conn)
	}
	r.used = time.Now()
}

// drop takes a reader out of the room. The caller holds mu.
func (r *room) drop(conn *Conn) {
	end := len(r.conns) - 1
	last := r.conns[end]
	r.conns[conn.place], last.place = last, conn.place
	r.conns[end] = nil
	r.conns = r.conns[:end]
	conn.outside = true
}

// take takes in what another server, or this one, says of the room.
func (r *room) take(entry Entry) {
	if entry.State > 0 {
		r.expectState(entry.State)
	}
	if entry.Version > 0 {
		r.publish(entry)
	}
}

// publish takes a change in. It is handed on once all before it are there.
func (r *room) publish(entry Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && entry.Version <= r.ring.head {
		return
	}
	if r.loaded && entry.Version == r.ring.head+1 {
		r.handOn(entry)
		r.wake()
	} else {
		if r.parked == nil {
			r.parked = map[int64]Entry{}
		}
		r.parked[entry.Version] = entry
	}
	r.advance()
}

// handOn has readers take a change, which is the next one; those who leave by it are in doubt
// before. The caller holds mu, and wakes them.
func (r *room) handOn(entry Entry) {
	if entry.Leaves != 0 {
		r.doubtPerson(entry.Leaves)
	}
	r.stopTyping(entry.Author)
	r.ring.append(entry)
	r.frames = nil
	r.together = max(r.together, entry.Last)
	r.least = max(r.least, entry.Last)
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
		r.handOn(next)
	}
	if len(r.parked) == 0 {
		r.parked = nil
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

// wake has each reader told what comes after its cursor, unless the rest of the same commit is about
// to be published. Where that does not come, fillGap reads it. The caller holds mu.
func (r *room) wake() {
	if r.ring.head >= r.together {
		r.writers.wake(r.conns...)
	}
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
		r.together = 0
		r.wake()
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
		r.doubtAll()
		if after > r.ring.head {
			r.ring.restart(after)
		}
		for _, entry := range entries {
			if entry.Version > r.ring.head {
				r.handOn(entry)
			}
		}
		r.ring.head = upTo
		r.frames = nil
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
	r.parked = nil
	r.page, r.paged = Page{Version: -1}, nil
	r.ring.restart(r.ring.head)
	r.frames = nil
	r.fillSoon(gapWait)
}

// forgetDelivered has a private room hold no changes once none has come for a while.
func (r *room) forgetDelivered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.private && r.quiet == r.ring.head {
		r.ring.restart(r.ring.head)
		r.frames = nil
	}
	r.quiet = r.ring.head
}
