package live

import (
	"context"
	"time"
)

// Bus carries what happens on one server of a site to its others. It may lose, double and
// reorder what it carries, and never blocks: the hub reads from the store what it lacks, and
// gives readers the order of versions.
type Bus interface {
	// Listen has what the others say handed to a listener. It is called once, before all else.
	Listen(l Listener)
	// Publish tells the others what is committed, or may be lost.
	Publish(channel Channel, entry Entry)
	// Follow has what the others say on a channel handed to the listener, until Forget. What
	// nobody here wants to hear is not asked for.
	Follow(channel Channel)
	Forget(channel Channel)
	// Events tells the others to ask the store what has happened.
	Events()
}

// Listener is told what the others say, by one goroutine.
type Listener interface {
	Changed(channel Channel, entry Entry)
	Events()
}

// Alone is the bus of a site with one server.
type Alone struct{}

// Listen implements Bus: there is nothing to hear.
func (Alone) Listen(Listener) {}

// Publish implements Bus.
func (Alone) Publish(Channel, Entry) {}

// Follow implements Bus.
func (Alone) Follow(Channel) {}

// Forget implements Bus.
func (Alone) Forget(Channel) {}

// Events implements Bus.
func (Alone) Events() {}

// Changed takes in what was said on another server.
func (h *Hub) Changed(channel Channel, entry Entry) {
	if person, ok := personTopic.id(channel); ok {
		h.concern(person)
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

// Events is told by others that something has happened; HasEvents is then ready.
func (h *Hub) Events() {
	select {
	case h.events <- struct{}{}:
	default:
	}
}

// HasEvents is ready once another server has said that something has happened.
func (h *Hub) HasEvents() <-chan struct{} { return h.events }

// versionsInterval is how often the store is asked how far the rooms are that have readers
// here: so long, at most, a reader misses what the bus has lost.
const versionsInterval = time.Second

// pollVersions asks the store, in one query for all rooms, for what the bus did not bring.
func (h *Hub) pollVersions(ctx context.Context) {
	every(ctx, versionsInterval, func() {
		rooms := h.readRooms()
		if len(rooms) == 0 {
			return
		}
		ids := make([]int64, 0, len(rooms))
		for id := range rooms {
			ids = append(ids, id)
		}
		asking, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		found, err := h.source.Versions(asking, ids)
		if err != nil {
			return // the store is away; what was missed is there a second later
		}
		for id, progress := range found {
			rooms[id].expect(progress.Version)
			rooms[id].expectState(progress.State)
		}
	})
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
