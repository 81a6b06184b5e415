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

	events  chan struct{} // holds one token once others have said that something happened
	inboxes chan struct{} // holds one token while inboxes are to be read

	mu        sync.Mutex
	closed    bool
	rooms     map[int64]*room
	conns     map[*Conn]struct{}
	bySession map[SessionKey]map[*Conn]struct{}
	byPerson  map[int64]*viewer
	byAddress map[string]int     // seats taken
	reserved  uint64             // how many seats have been taken so far
	changed   map[int64]struct{} // whose inboxes are to be read
	shown     map[int64]struct{} // the recent changes of inboxes that pages show

	delivering sync.WaitGroup // connections, and those who write to them
}

// NewHub makes a hub; Run makes it live.
func NewHub(source Source, limits Limits, bus Bus) *Hub {
	h := &Hub{
		source:    source,
		limits:    limits,
		bus:       bus,
		events:    make(chan struct{}, 1),
		inboxes:   make(chan struct{}, 1),
		presence:  newPresence(source.People(nil)),
		rooms:     map[int64]*room{},
		conns:     map[*Conn]struct{}{},
		bySession: map[SessionKey]map[*Conn]struct{}{},
		byPerson:  map[int64]*viewer{},
		byAddress: map[string]int{},
		changed:   map[int64]struct{}{},
		shown:     map[int64]struct{}{},
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
	tasks.Go(func() { h.tellInboxes(ctx) })
	tasks.Wait()
}

// Publish hands the hub a change that is committed. Changes may come in any order, and a
// missing one is read from the store; each reader gets them in the order of versions.
func (h *Hub) Publish(roomID int64, entry Entry) {
	h.Changed(RoomChannel(roomID), entry)
	h.bus.Publish(RoomChannel(roomID), entry)
}

// Changed takes in what was said on another server.
func (h *Hub) Changed(channel Channel, entry Entry) {
	if person, ok := personTopic.id(channel); ok {
		h.inboxChanged(person)
		return
	}
	if id, ok := typingTopic.id(channel); ok {
		if room := h.known(id); room != nil {
			room.hearTyping(entry)
		}
		return
	}
	if id, ok := roomTopic.id(channel); ok {
		if room := h.known(id); room != nil {
			room.take(entry)
		}
	}
}

// Page returns a room's newest page, of the version given at least: the room is known to have
// come so far, perhaps by a post on another server.
func (h *Hub) Page(ctx context.Context, room Room, version int64) (Page, error) {
	found := h.room(room)
	found.expect(version)
	return found.newest(ctx)
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

// Events is told by others that something has happened; HasEvents is then ready.
func (h *Hub) Events() {
	select {
	case h.events <- struct{}{}:
	default:
	}
}

// HasEvents is ready once another server has said that something has happened.
func (h *Hub) HasEvents() <-chan struct{} { return h.events }

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
func (h *Hub) room(named Room) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.roomLocked(named)
}

func (h *Hub) roomLocked(named Room) *room {
	found := h.rooms[named.ID]
	if found == nil {
		found = newRoom(named, h.source, h.writers)
		found.since = h.reserved
		h.rooms[named.ID] = found
		for _, channel := range found.channels() {
			h.bus.Follow(channel)
		}
	}
	found.touch()
	return found
}

// readRooms returns the rooms that have readers here.
func (h *Hub) readRooms() map[int64]*room {
	h.mu.Lock()
	defer h.mu.Unlock()
	read := map[int64]*room{}
	for id, room := range h.rooms {
		if room.hasReaders() {
			read[id] = room
		}
	}
	return read
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
