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
	// inboxDelay is how long what concerns people is gathered before their inboxes are read: all
	// at once; and so late on purpose, that what they read as it comes, on a page that is open,
	// is not announced.
	inboxDelay = 200 * time.Millisecond
	// inboxRetry is when they are read again where the store was away.
	inboxRetry = time.Second
)

// viewer is what the hub holds of a person who has connections, or is about to.
type viewer struct {
	seats   int
	conns   []*Conn
	changed uint64 // the last seat that was taken before something last concerned them
}

// Concern tells the hub that what waits for people has changed. Their pages are shown that,
// wherever they are open.
func (h *Hub) InboxChanged(people ...int64) {
	h.inboxChanged(people...)
	for _, person := range people {
		h.bus.Publish(PersonChannel(person), Entry{})
	}
}

// concern is Concern for the pages that are connected here.
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

// tellInboxes reads the inboxes of those whom something concerns, and has them told.
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

// readInboxes has all connections of some people told what waits for them.
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

// pause returns after a time; false where ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
