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
	// Publish tells the others of a change that is committed.
	Publish(room int64, entry Entry)
	// Follow has the others' changes of a room handed to the listener, until Forget. Nobody else's
	// rooms are asked for.
	Follow(room int64)
	Forget(room int64)
	// News tells the others to ask the store what has happened.
	News()
}

// Listener is told what the others say, by one goroutine.
type Listener interface {
	Changed(room int64, entry Entry)
	News()
}

// Alone is the bus of a site with one server.
type Alone struct{}

// Listen implements Bus: there is nothing to hear.
func (Alone) Listen(Listener) {}

// Publish implements Bus.
func (Alone) Publish(int64, Entry) {}

// Follow implements Bus.
func (Alone) Follow(int64) {}

// Forget implements Bus.
func (Alone) Forget(int64) {}

// News implements Bus.
func (Alone) News() {}

// Changed takes in a change that was committed on another server.
func (h *Hub) Changed(roomID int64, entry Entry) {
	h.mu.Lock()
	room := h.rooms[roomID]
	h.mu.Unlock()
	if room != nil {
		room.publish(entry)
	}
}

// News is told by others that something has happened; HasNews is then ready.
func (h *Hub) News() {
	select {
	case h.news <- struct{}{}:
	default:
	}
}

// HasNews is ready once another server has said that something has happened.
func (h *Hub) HasNews() <-chan struct{} { return h.news }

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
		versions, err := h.source.Versions(asking, ids)
		if err != nil {
			return // the store is away; what was missed is there a second later
		}
		for id, version := range versions {
			rooms[id].expect(version)
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
