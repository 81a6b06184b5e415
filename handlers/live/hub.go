// Package live carries rooms' changes to the browsers that show them. It knows bytes and
// versions: no HTML, no SQL, no HTTP.
//
// Each room keeps a ring of its newest changes; each connection keeps a cursor, and no
// queue. What a connection has yet to see is all that comes after its cursor, from the
// ring or else from the store: catching up and live are one code path.
package live

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Source is where a hub reads and frames what it carries. Its functions are safe for
// concurrent use.
type Source struct {
	// Newest returns a room's newest page.
	Newest func(ctx context.Context, room int64) (Page, error)
	// Changes returns what changed in a room after a version and up to another, in order.
	Changes func(ctx context.Context, room, after, upTo int64) ([]Entry, error)
	// Versions returns how far rooms are that other servers post in too; nil where there are no
	// others.
	Versions func(ctx context.Context, rooms []int64) (map[int64]Progress, error)
	// FrameChanges makes a frame of changes that bring a reader to a version.
	FrameChanges func(room, version int64, changes []Entry) []byte
	// FramePage makes a frame of a page that replaces all that a reader has.
	FramePage func(room int64, page Page) []byte
	// FrameCount makes a frame of the number of people online.
	FrameCount func(online int) []byte
	// People renders the list of people online, and FramePeople makes a frame of it.
	People      func(people []Person) []byte
	FramePeople func(list []byte) []byte
	// FramePerson makes a frame that shows how somebody looks by now.
	FramePerson func(person Person) []byte

	// IsPrivate tells whether a room is for its members alone.
	IsPrivate func(room int64) bool
	// Outsiders returns which of some people may not read a private room by now.
	Outsiders func(ctx context.Context, room int64, people []int64) ([]int64, error)
	// State returns what stands beside a private room's log; nil where nothing does.
	State func(ctx context.Context, room int64) (State, error)
	// MayWrite tells whether somebody may write in a private room, and so be said to type there;
	// nil where nobody is.
	MayWrite func(ctx context.Context, room, person int64) (bool, error)
	// FrameTyping makes a frame of who types in a room, by name: perhaps nobody.
	FrameTyping func(people []Person) []byte

	// Inboxes returns what waits for people; nil where nothing is told of that.
	Inboxes func(ctx context.Context, people []int64) (map[int64]Inbox, error)
	// Concerned returns whom something concerned of late, on any server, some perhaps again; nil
	// where there are no others.
	Concerned func(ctx context.Context) ([]int64, error)
}

// Progress is how far a room is: its version, and the number of its state.
type Progress struct{ Version, State int64 }

// SessionKey names the session that a connection belongs to.
type SessionKey [32]byte

// Why a connection is refused.
var (
	ErrClosed  = errors.New("the hub is closing")
	ErrTooMany = errors.New("too many connections of one account or address")
)

// Limits bounds what one account or one address may hold and send; zero means no bound.
type Limits struct {
	PerPerson  int
	PerAddress int
}

// The most connections that one account, and one address, may have: many tabs on several
// devices, and a school behind one address.
const (
	DefaultPerPerson  = 40
	DefaultPerAddress = 400
)

// Hub holds the rooms that have readers and the connections of all of them.
type Hub struct {
	source   Source
	limits   Limits
	bus      Bus
	presence *presence
	writers  *writers

	events   chan struct{} // holds one token once others have said that something happened
	concerns chan struct{} // holds one token while there are some whom something concerns

	mu        sync.Mutex
	closed    bool
	rooms     map[int64]*room
	conns     map[*Conn]struct{}
	bySession map[SessionKey]map[*Conn]struct{}
	byPerson  map[int64]*viewer
	byAddress map[string]int // seats taken
	reserved  uint64         // how many seats have been taken so far
	concerned map[int64]struct{}

	delivering sync.WaitGroup // connections, and those who write to them
}

// NewHub makes a hub; Run makes it live.
func NewHub(source Source, limits Limits, bus Bus) *Hub {
	h := &Hub{
		source:    source,
		limits:    limits,
		bus:       bus,
		events:    make(chan struct{}, 1),
		concerns:  make(chan struct{}, 1),
		presence:  newPresence(source.People(nil)),
		rooms:     map[int64]*room{},
		conns:     map[*Conn]struct{}{},
		bySession: map[SessionKey]map[*Conn]struct{}{},
		byPerson:  map[int64]*viewer{},
		byAddress: map[string]int{},
		concerned: map[int64]struct{}{},
	}
	h.writers = newWriters(&h.delivering)
	bus.Listen(h)
	return h
}

// Run tells connections who is online and what waits for their people, finds those that are gone,
// forgets rooms that nobody reads, and looks for what happened elsewhere, until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	tasks.Go(func() { h.tellPresence(ctx) })
	tasks.Go(func() { h.watchConnections(ctx) })
	tasks.Go(func() { h.forgetIdleRooms(ctx) })
	tasks.Go(func() { h.forgetDelivered(ctx) })
	if h.source.Versions != nil {
		tasks.Go(func() { h.pollVersions(ctx) })
	}
	if h.source.Inboxes != nil {
		tasks.Go(func() { h.tellInboxes(ctx) })
	}
	if h.source.Concerned != nil {
		tasks.Go(func() { h.pollConcerned(ctx) })
	}
	tasks.Wait()
}

// Publish hands the hub a change that is committed. Changes may come in any order, and a
// missing one is read from the store; each reader gets them in the order of versions.
func (h *Hub) Publish(roomID int64, entry Entry) {
	h.Changed(RoomChannel(roomID), entry)
	h.bus.Publish(RoomChannel(roomID), entry)
}

// Page returns a room's newest page, of the version given at least: the room is known to have
// come so far, perhaps by a post on another server.
func (h *Hub) Page(ctx context.Context, roomID, version int64) (Page, error) {
	room := h.room(roomID)
	room.expect(version)
	return room.newest(ctx)
}

// Expect tells the hub that a room has come to a version, at least, by changes that are not
// published: they are read from the store.
func (h *Hub) Expect(roomID, version int64) {
	if room := h.known(roomID); room != nil {
		room.expect(version)
	}
}

// Refresh has the hub forget what it knows of rooms, so that fragments and pages are made anew
// where they are next needed: the people in them are called differently, or look different.
// What readers were sent stays as it is.
func (h *Hub) Refresh() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, room := range h.rooms {
		room.refresh()
	}
}

// Change tells all pages how people are called and look by now.
func (h *Hub) Change(people []Person) { h.presence.change(people, h.source.FramePerson) }

// Here returns the ids of the people who have a live connection to this server.
func (h *Hub) Here() []int64 { return h.presence.here() }

// Seen returns the ids of the people who have a live connection to this server, or had one since
// it was last asked, in any order; some may be in it twice.
func (h *Hub) Seen() []int64 { return h.presence.seen() }

// SetElsewhere replaces who has a live connection to another server. The hub keeps the map.
func (h *Hub) SetElsewhere(people map[int64]Person) { h.presence.setElsewhere(people) }

// SetNotice has all pages of rooms brought a frame that concerns everybody, those that come later
// too, until it is replaced by another one. The hub keeps it.
func (h *Hub) SetNotice(frame []byte) { h.presence.setNotice(frame) }

// Online returns how many people have a live connection, to whichever server.
func (h *Hub) Online() int { return h.presence.online() }

// People returns the list of people online, rendered, as it was last told: at most a second
// ago. The caller must not change it.
func (h *Hub) People() []byte {
	h.presence.mu.Lock()
	defer h.presence.mu.Unlock()
	return h.presence.listed
}

// Connections returns how many connections there are.
func (h *Hub) Connections() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}

// IsOnline tells whether a person has a live connection, to whichever server.
func (h *Hub) IsOnline(person int64) bool { return h.presence.has(person) }

// EndSession closes the connections of a session for good.
func (h *Hub) EndSession(key SessionKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for conn := range h.bySession[key] {
		conn.close(statusSessionEnded, "session ended")
	}
}

// Shutdown refuses new connections, tells those there are to come back later, and waits
// until all are gone. Those that are not when ctx ends are cut off.
func (h *Hub) Shutdown(ctx context.Context) {
	h.mu.Lock()
	h.closed = true
	open := make([]*Conn, 0, len(h.conns))
	for conn := range h.conns {
		open = append(open, conn)
		conn.close(statusRestart, "restart")
	}
	h.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		h.delivering.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		for _, conn := range open {
			conn.cut()
		}
		<-gone
	}
}

// known returns what the hub holds of a room; nil where that is nothing.
func (h *Hub) known(id int64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}

// room returns what the hub holds of a room, which is empty until it is first read.
func (h *Hub) room(id int64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.roomLocked(id)
}

func (h *Hub) roomLocked(id int64) *room {
	found := h.rooms[id]
	if found == nil {
		found = newRoom(id, &h.source, h.writers)
		found.since = h.reserved
		h.rooms[id] = found
		for _, channel := range found.channels() {
			h.bus.Follow(channel)
		}
	}
	found.touch()
	return found
}

// How long a room without readers keeps its ring, for those who reload or come back.
const roomIdle = time.Minute

func (h *Hub) forgetIdleRooms(ctx context.Context) {
	every(ctx, roomIdle, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for id, room := range h.rooms {
			if room.idleFor(roomIdle) {
				delete(h.rooms, id)
				for _, channel := range room.channels() {
					h.bus.Forget(channel)
				}
			}
		}
	})
}

// quietAfter is how long a private room keeps its newest changes, for readers that are about to
// take them.
const quietAfter = 10 * time.Second

func (h *Hub) forgetDelivered(ctx context.Context) {
	every(ctx, quietAfter, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, room := range h.rooms {
			room.forgetDelivered()
		}
	})
}

// every calls f once a period until ctx ends.
func every(ctx context.Context, period time.Duration, f func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}
