package live

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// news is what the pages that do not show a room are told of it: what is new there. It is the same for
// all of them, and a latest value: a connection is sent the newest one, and none of those before.
type news struct {
	room    int64         // 0: pages are told of none
	changed chan struct{} // holds a token if the room has changed since the news was read

	mu      sync.Mutex
	version int64 // of the room, as the store shared with other servers last said
	content []byte
	frame   frame
	told    uint64 // how often the news differed from what it was before
}

// newNews makes the news of a room. What has happened before is news too: pages that stay open over a
// restart may have missed it.
func newNews(room int64) *news {
	n := &news{room: room, changed: make(chan struct{}, 1)}
	n.mark(room)
	return n
}

// newsInterval is how often, at most, the news is read and pages are told. Many posts make one message.
const newsInterval = 2 * time.Second

// isOf tells whether the news is that of a room.
func (n *news) isOf(roomID int64) bool { return roomID != 0 && roomID == n.room }

// mark notes that a room has changed.
func (n *news) mark(roomID int64) {
	if !n.isOf(roomID) {
		return
	}
	select {
	case n.changed <- struct{}{}:
	default:
	}
}

// reached notes how far the store says that the room is: perhaps by changes that the bus has lost.
func (n *news) reached(version int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.version != version {
		n.version = version
		n.mark(n.room)
	}
}

// set notes the news; false if it is what it was.
func (n *news) set(content []byte) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if bytes.Equal(n.content, content) {
		return false
	}
	n.content, n.frame = content, newFrame(content)
	n.told++
	return true
}

// latest returns the latest news and its number; ok is false if told is that number.
func (n *news) latest(told uint64) (f frame, now uint64, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.frame, n.told, n.told != told
}

// tellNews reads the news when the room has changed, once for all connections, and wakes those whose
// pages do not show the room.
func (h *Hub) tellNews(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.news.changed:
		}
		h.readNews(ctx)
		if !pause(ctx, newsInterval) {
			return
		}
	}
}

func (h *Hub) readNews(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	content, err := h.source.FrameNews(ctx)
	if err != nil {
		h.news.mark(h.news.room) // the store is away; it is asked again after the interval
		return
	}
	if !h.news.set(content) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writers.wake(slices.DeleteFunc(slices.Collect(maps.Keys(h.conns)), (*Conn).showsNews)...)
}

// showsNews tells whether the connection's page shows the room itself.
func (c *Conn) showsNews() bool { return c.room != nil && c.hub.news.isOf(c.room.id) }

func (c *Conn) tellNews() bool {
	if c.showsNews() {
		return true
	}
	latest, told, isNew := c.hub.news.latest(c.news)
	if !isNew {
		return true
	}
	c.news = told
	return c.write(latest)
}
