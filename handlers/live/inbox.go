package live

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Inbox is what waits for a person: how much, and the newest of it.
type Inbox struct {
	Mark  string // equal if a page shows the same of both
	Frame []byte

	// Changes are the ids of the recent changes that it shows, of those that Peers tell of.
	Changes []int64
}

// inbox is an Inbox that all connections of its person share.
type inbox struct {
	mark  string
	frame frame
}

const (
	// inboxDelay is how long changes of inboxes are gathered before the inboxes are read, all at
	// once. It is also long enough that a message is not announced if it is read as it comes, on an
	// open page.
	inboxDelay = 200 * time.Millisecond
	// inboxRetry is when inboxes are read again if the store did not answer.
	inboxRetry = time.Second
)

// viewer is a person who has connections or reservations.
type viewer struct {
	reservations int
	conns        []*Conn
	changed      uint64 // the number of the last reservation before their inbox last changed
}

// InboxChanged tells the hub that the inboxes of people have changed. Their open pages show that, on any
// server.
func (h *Hub) InboxChanged(people ...int64) {
	h.inboxChanged(people...)
	for _, person := range people {
		h.bus.Publish(PersonChannel(person), Entry{})
	}
}

// inboxChanged is InboxChanged for the pages that are connected here.
func (h *Hub) inboxChanged(people ...int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, person := range people {
		h.inboxChangedLocked(person)
	}
}

func (h *Hub) inboxChangedLocked(person int64) {
	found := h.byPerson[person]
	if found == nil {
		return
	}
	found.changed = h.reserved
	h.changed[person] = struct{}{}
	select {
	case h.inboxes <- struct{}{}:
	default:
	}
}

// tellInboxes reads the inboxes that have changed, and has pages show them.
func (h *Hub) tellInboxes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.inboxes:
		}
		if !pause(ctx, inboxDelay) {
			return
		}
		h.mu.Lock()
		people := slices.Collect(maps.Keys(h.changed))
		h.changed = map[int64]struct{}{}
		h.mu.Unlock()
		if len(people) == 0 || h.readInboxes(ctx, people) == nil {
			continue
		}
		if !pause(ctx, inboxRetry) {
			return
		}
		h.inboxChanged(people...)
	}
}

// readInboxes reads the inboxes of people, and has all their pages show them.
func (h *Hub) readInboxes(ctx context.Context, people []int64) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	inboxes, err := h.source.Inboxes(ctx, people)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for person, news := range inboxes {
		for _, change := range news.Changes {
			h.shown[change] = struct{}{}
		}
		found := h.byPerson[person]
		if found == nil {
			continue
		}
		shared := &inbox{mark: news.Mark, frame: newFrame(news.Frame)}
		for _, conn := range found.conns {
			conn.inbox.Store(shared)
		}
		h.writers.wake(found.conns...)
	}
	return nil
}

// pause waits for d; it returns false if ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
