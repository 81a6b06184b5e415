package live

import (
	"context"
	"maps"
	"sync"
	"time"
)

// Peers is what a hub asks of the store that it shares with other servers.
type Peers interface {
	// Progress returns how far rooms are.
	Progress(ctx context.Context, rooms []int64) (map[int64]Progress, error)
	// InboxChanges returns the changes of inboxes in the last seconds, by any server: the id of
	// each, and whose inbox it is. It may return a change several times.
	InboxChanges(ctx context.Context) (map[int64]int64, error)
}

// Progress is how far a room is.
type Progress struct {
	Version int64
	History History
	State   int64 // the number of its state
}

// pollInterval is how often the store is asked for what happened on other servers. A page misses
// what the bus has lost for at most so long.
const pollInterval = time.Second

// Poll reads from the store what the bus did not bring, until ctx ends.
func (h *Hub) Poll(ctx context.Context, peers Peers) {
	var tasks sync.WaitGroup
	tasks.Go(func() { Every(ctx, pollInterval, nil, func() { h.pollRooms(ctx, peers) }) })
	tasks.Go(func() { Every(ctx, pollInterval, nil, func() { h.pollInboxes(ctx, peers) }) })
	tasks.Wait()
}

// pollRooms asks how far all rooms are that have readers here or make news, in one query.
func (h *Hub) pollRooms(ctx context.Context, peers Peers) {
	rooms := h.readRooms()
	ids := make([]int64, 0, len(rooms)+1)
	if watched := h.news.room; watched != 0 && rooms[watched] == nil {
		ids = append(ids, watched)
	}
	reached := make(map[int64]Cursor, len(rooms)) // before the store is asked
	for id, room := range rooms {
		ids = append(ids, id)
		reached[id] = room.reached()
	}
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	found, err := peers.Progress(ctx, ids)
	if err != nil {
		return // the store is away; it is asked again a second later
	}
	for id, progress := range found {
		if h.news.isOf(id) {
			h.news.reached(progress.Version)
		}
		if room := rooms[id]; room != nil {
			room.compare(reached[id], progress)
			room.expectState(progress.State)
		}
	}
}

// pollInboxes has those inboxes read that have changed since they were last read. A change that is
// shown already, because the bus told of it, costs nothing more.
func (h *Hub) pollInboxes(ctx context.Context, peers Peers) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	changes, err := peers.InboxChanges(ctx)
	if err != nil {
		return // as above
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.shown, func(change int64, _ struct{}) bool {
		_, recent := changes[change]
		return !recent
	})
	for change, person := range changes {
		if _, shown := h.shown[change]; !shown {
			h.inboxChangedLocked(person)
		}
	}
}
