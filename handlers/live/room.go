package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Nowhere is the version of the cursor of a reader that has seen nothing of a room, or does not know
// what it has seen.
const Nowhere int64 = -1

// gapWait is how long a published change waits for those before it. They are probably about to be
// published; if they are not, the store is asked for them.
const gapWait = 50 * time.Millisecond

// readTimeout is how long a hub waits for the store.
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
	since   uint64 // the number of the last reservation before the hub had the room
	source  Source
	writers *writers
	reads   singleflight.Group // one read of the store serves all that wait for it

	mu      sync.Mutex
	loaded  bool // whether ring.head and the history are known
	ring    ring
	history History
	parked  map[int64]Entry // changes that wait for one before them; nil: there are none
	least   int64           // a version that the store is known to be at

	doubts   int // how often there was reason to doubt that the store has this history
	resolved int // how many of them the store has resolved

	together int64       // readers are told nothing until the ring is there: what leads there was committed together
	filler   *time.Timer // runs fillGap; nil: no change is missing
	conns    []*Conn
	used     time.Time

	frames     map[int64]frame // by cursor: the frame that brings readers from there to ring.head
	page       Page            // the latest page
	paged      frame           // its frame, made when first needed
	generation int             // how often what the room holds was dropped

	// Of rooms that only members read:
	rechecks int         // how many rechecks were asked for
	state    int64       // the least number that the state is known to have
	latest   *State      // the state, if it was read a moment ago
	resting  *time.Timer // set while the state is not to be read again
	typing   *typing     // nil: nobody types
	typed    uint64      // how often readers were told who types
	quiet    int64       // the ring's head when forgetDelivered last looked
}

func newRoom(named Room, source Source, writers *writers) *room {
	r := &room{id: named.ID, private: named.Members, source: source, writers: writers}
	r.ring.most = maxRingBytes
	if r.private {
		r.ring.most = maxPrivateBytes
	}
	return r
}

// channels returns the channels on which other servers tell of the room.
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

// add adds a reader. It is sent nothing until the store has said that it may read the room.
func (r *room) add(conn *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	conn.place = len(r.conns)
	r.conns = append(r.conns, conn)
	r.recheck(conn)
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

// drop removes a reader. The caller holds mu.
func (r *room) drop(conn *Conn) {
	end := len(r.conns) - 1
	last := r.conns[end]
	r.conns[conn.place], last.place = last, conn.place
	r.conns[end] = nil
	r.conns = r.conns[:end]
	conn.outside = true
}

// take takes what this server or another one says of the room.
func (r *room) take(entry Entry) {
	if entry.State > 0 {
		r.expectState(entry.State)
	}
	if entry.Version > 0 {
		r.publish(entry)
	}
}

// publish takes a change. Readers get it once all changes before it are there.
func (r *room) publish(entry Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && !r.adopt(entry.History) || r.loaded && entry.Version <= r.ring.head {
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

// handOn adds the next change to the ring. If somebody leaves by it, their connections are rechecked
// before they get it. The caller holds mu, and wakes the readers.
func (r *room) handOn(entry Entry) {
	if entry.Leaves != 0 {
		r.recheckPerson(entry.Leaves)
	}
	r.stopTyping(entry.Author)
	r.ring.append(entry)
	r.frames = nil
	r.together = max(r.together, entry.Last)
	r.least = max(r.least, entry.Last)
}

// advance hands on the parked changes up to the first gap, and has the gap filled if there is one.
// The caller holds mu.
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

// fillSoon has the store asked for the changes that are missing, unless they come within wait. The
// caller holds mu.
func (r *room) fillSoon(wait time.Duration) {
	if r.filler == nil && r.loaded && (r.known() > r.ring.head || r.isDoubted()) {
		r.filler = time.AfterFunc(wait, r.fillGap)
	}
}

// expect notes that the store has come to at least version. The changes up to there are probably
// about to be published; if they are not, they are read from the store.
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

// fillGap reads the missing changes, or the newest page if the history is in doubt. Versions are
// committed in order, so all changes before a published one are in the store.
func (r *room) fillGap() {
	r.mu.Lock()
	r.filler = nil
	upTo, doubted := r.known(), r.isDoubted()
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	var err error
	if doubted {
		_, err = r.newest(ctx)
	} else {
		err = r.readUpTo(ctx, upTo)
	}
	if err != nil {
		// The store does not answer. Readers get what there is, and the rest later.
		r.mu.Lock()
		r.together = 0
		r.wake()
		r.fillSoon(time.Second)
		r.mu.Unlock()
	}
}

// readUpTo brings the ring to a version that is known to be committed. It reads no more than
// maxReplay changes, because no reader is replayed more.
func (r *room) readUpTo(ctx context.Context, upTo int64) error {
	r.mu.Lock()
	after, generation := max(r.ring.head, upTo-maxReplay), r.generation
	r.mu.Unlock()
	if upTo <= after {
		return nil
	}
	_, err, _ := r.reads.Do(fmt.Sprintf("changes %d %d %d", generation, after, upTo), func() (any, error) {
		if r.isAt(upTo) { // by a read that has just ended
			return nil, nil
		}
		entries, progress, err := r.source.Changes(context.WithoutCancel(ctx), r.id, after, upTo)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.ring.head >= upTo || r.generation != generation || !r.confirm(upTo, progress) {
			return nil, nil
		}
		r.recheckAll()
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

// known returns the newest version that the room is known to have reached. The caller holds mu.
func (r *room) known() int64 {
	newest := max(r.ring.head, r.least)
	for version := range r.parked {
		newest = max(newest, version)
	}
	return newest
}

// refresh forgets all fragments and pages, because people in them have changed. It keeps the version.
func (r *room) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.least = r.known()
	r.parked = nil
	r.page, r.paged = Page{Version: -1}, nil
	r.ring.restart(r.ring.head)
	r.frames = nil
	r.fillSoon(gapWait)
}

// forgetDelivered empties the ring of a members' room in which nothing has changed since the last call.
func (r *room) forgetDelivered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.private && r.quiet == r.ring.head {
		r.ring.restart(r.ring.head)
		r.frames = nil
	}
	r.quiet = r.ring.head
}
