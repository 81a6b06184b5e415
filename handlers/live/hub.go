// Package live carries the changes of rooms to the browsers that show them. It knows bytes and
// versions: no HTML, no SQL, no HTTP.
//
// Each room keeps a ring of its latest changes. Each connection keeps a cursor, and no queue: what it
// has yet to see is all that comes after its cursor, from the ring or from the store. Catching up and
// live are one code path. README.md says what always holds.
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

// Limits is how many connections one account and one address may have; zero means no limit.
type Limits struct {
	PerPerson  int
	PerAddress int
}

// The default limits: many tabs on several devices, and a school behind one address.
const (
	DefaultPerPerson  = 40
	DefaultPerAddress = 400
)

// Hub holds the rooms that have readers, and all connections.
type Hub struct {
	source   Source
	limits   Limits
	bus      Bus
	presence *presence
	news     *news
	writers  *writers

	events  chan struct{} // holds a token if another server has told of events
	inboxes chan struct{} // holds a token while inboxes are to be read

	mu        sync.Mutex
	closed    bool
	rooms     map[int64]*room
	conns     map[*Conn]struct{}
	bySession map[SessionKey]map[*Conn]struct{}
	byPerson  map[int64]*viewer
	byNetwork map[string]int            // how many reservations
	shaking   map[*Reservation]struct{} // those whose handshake is not over
	reserved  uint64                    // how many reservations were made so far
	changed   map[int64]struct{}        // whose inboxes are to be read
	shown     map[int64]struct{}        // the recent changes of inboxes that pages show

	delivering sync.WaitGroup // connections and writers
}

// NewHub makes a hub; Run makes it live.
func NewHub(source Source, limits Limits, bus Bus) *Hub {
	h := &Hub{
		source:    source,
		limits:    limits,
		bus:       bus,
		events:    make(chan struct{}, 1),
		inboxes:   make(chan struct{}, 1),
		presence:  newPresence(source.People(nil, 0)),
		news:      newNews(source.NewsRoom()),
		rooms:     map[int64]*room{},
		conns:     map[*Conn]struct{}{},
		bySession: map[SessionKey]map[*Conn]struct{}{},
		byPerson:  map[int64]*viewer{},
		byNetwork: map[string]int{},
		shaking:   map[*Reservation]struct{}{},
		changed:   map[int64]struct{}{},
		shown:     map[int64]struct{}{},
	}
	h.writers = newWriters(&h.delivering)
	bus.Listen(h)
	if h.news.room != 0 {
		bus.Follow(RoomChannel(h.news.room))
	}
	return h
}

// Run keeps pages up to date on who is online, on inboxes and on news, closes connections that are lost, and
// forgets rooms without readers, until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	tasks.Go(func() { h.tellPresence(ctx) })
	tasks.Go(func() { Every(ctx, presenceInterval, nil, h.presence.dropLeft) })
	tasks.Go(func() { h.watchConnections(ctx) })
	tasks.Go(func() { h.forgetIdleRooms(ctx) })
	tasks.Go(func() { h.forgetDelivered(ctx) })
	tasks.Go(func() { h.tellInboxes(ctx) })
	tasks.Go(func() { h.tellNews(ctx) })
	tasks.Wait()
}

// Publish hands the hub a committed change, and tells the other servers. Changes may come in any order,
// and a missing one is read from the store. Readers get them in the order of versions.
func (h *Hub) Publish(roomID int64, entry Entry) {
	h.Changed(RoomChannel(roomID), entry)
	h.bus.Publish(RoomChannel(roomID), entry)
}

// Changed implements Listener.
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
		h.news.mark(id)
		if room := h.known(id); room != nil {
			room.take(entry)
		}
	}
}

// Page returns a room's newest page. The room is known to be as far as progress, perhaps by a post on
// another server; so is the page.
func (h *Hub) Page(ctx context.Context, room Room, progress Progress) (Page, error) {
	found := h.room(room)
	found.hear(progress)
	return found.newest(ctx)
}

// Expect tells the hub that a room has reached at least version. The hub reads the missing changes
// from the store.
func (h *Hub) Expect(roomID, version int64) {
	h.news.mark(roomID)
	if room := h.known(roomID); room != nil {
		room.expect(version)
	}
}

// Refresh has the hub forget all fragments and pages, because people in them have other names or
// pictures. They are made again when they are needed. What readers were sent stays as it is.
func (h *Hub) Refresh() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, room := range h.rooms {
		room.refresh()
	}
}

// Change shows on all pages the names and pictures that people have now, and hides those who are hidden now.
func (h *Hub) Change(people []Person) { h.presence.change(people, h.source.FramePerson) }

// Here returns the ids of the people who have a live connection to this server, or had one a moment ago.
func (h *Hub) Here() []int64 { return h.presence.here() }

// Seen returns the ids of the people who have a live connection to this server, or had one since the
// last call, in any order. An id may be there twice.
func (h *Hub) Seen() []int64 { return h.presence.seen() }

// SetElsewhere sets who has a live connection to another server. The hub keeps the map.
func (h *Hub) SetElsewhere(people map[int64]Person) { h.presence.setElsewhere(people) }

// SetNotice sets a message that all pages of rooms are sent, also those that connect later. The hub
// keeps it.
func (h *Hub) SetNotice(frame []byte) { h.presence.setNotice(frame) }

// Online returns how many people have a live connection to any server, or had one a moment ago.
func (h *Hub) Online() int { return h.presence.online() }

// People returns the rendered list of people online, as pages were last sent it. The caller must not
// change it.
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

// Counts tells whether Online counts a person.
func (h *Hub) Counts(person int64) bool {
	_, ok := h.presence.find(person)
	return ok
}

// IsOnline tells whether a person is shown to be online: Online counts them, and they are not hidden.
func (h *Hub) IsOnline(person int64) bool {
	found, ok := h.presence.find(person)
	return ok && !found.Hidden
}

// Events implements Listener: HasEvents is then ready.
func (h *Hub) Events() {
	select {
	case h.events <- struct{}{}:
	default:
	}
}

// HasEvents is ready once another server has told of events.
func (h *Hub) HasEvents() <-chan struct{} { return h.events }

// SessionPerson returns the id of the person whose session it is, if the session has a live
// connection to this server.
func (h *Hub) SessionPerson(key SessionKey) (id int64, found bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for conn := range h.bySession[key] {
		return conn.member.Person.ID, true
	}
	return 0, false
}

// EndSession closes the connections of a session for good, also those that are being made.
func (h *Hub) EndSession(key SessionKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for conn := range h.bySession[key] {
		conn.gone.Store(true)
		conn.close(statusSessionEnded, sessionEnded)
	}
	for reservation := range h.shaking {
		reservation.ended = reservation.ended || reservation.member.Session == key
	}
}

// sessionEnded is the reason of a close with statusSessionEnded.
const sessionEnded = "session ended"

// Shutdown refuses new connections, asks the open ones to come back later, and waits until all are
// closed. When ctx ends, it cuts those that are still open.
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

// known returns a room; nil if the hub does not hold it.
func (h *Hub) known(id int64) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[id]
}

// room returns a room. It is empty until it is first read.
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

// readRooms returns the rooms that have readers here, by their ids.
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

// roomIdle is how long a room without readers stays in memory, for those who reload or come back.
const roomIdle = time.Minute

func (h *Hub) forgetIdleRooms(ctx context.Context) {
	Every(ctx, roomIdle, nil, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for id, room := range h.rooms {
			if room.idleFor(roomIdle) && !h.news.isOf(id) { // the news comes by the room's channel
				delete(h.rooms, id)
				for _, channel := range room.channels() {
					h.bus.Forget(channel)
				}
			}
		}
	})
}

// idleRingTTL is how long an idle members' room keeps its latest changes in memory.
const idleRingTTL = 10 * time.Second

func (h *Hub) forgetDelivered(ctx context.Context) {
	Every(ctx, idleRingTTL, nil, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, room := range h.rooms {
			room.forgetDelivered()
		}
	})
}
