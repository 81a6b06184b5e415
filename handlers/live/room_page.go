package live

import (
	"context"
	"fmt"
)

// Page is a room's newest page as of a version.
type Page struct {
	Version  int64
	History  History
	First    int64 // the seq of its first message; 0 if it has none
	HTML     []byte
	Deflated []byte // HTML, compressed: a part of a compressed answer
}

// cursor returns the cursor of a reader of the page.
func (p Page) cursor() Cursor { return Cursor{p.History.Epoch, p.Version} }

// newest returns the newest page. It is read once a version. That of a members' room is not kept:
// only those that wait for it at the same time share it.
func (r *room) newest(ctx context.Context) (Page, error) {
	if page, ok := r.freshPage(); ok {
		return page, nil
	}
	return r.share("page", func() (Page, error) {
		if page, ok := r.freshPage(); ok { // by a read that ended just now
			return page, nil
		}
		return r.readNewest(ctx)
	})
}

// beyond returns the store's newest page for a reader that has seen what was not published here.
// Only readers with the same cursor share it, because an earlier read may return less.
func (r *room) beyond(ctx context.Context, cursor Cursor) (Page, error) {
	return r.share(fmt.Sprintf("beyond %d", cursor), func() (Page, error) { return r.readNewest(ctx) })
}

// share has one read of a page serve all who wait for it and know the same newest version. A read
// that began before a change was committed returns a page without it, and must not serve those who
// know of the change.
func (r *room) share(name string, read func() (Page, error)) (Page, error) {
	r.mu.Lock()
	key := fmt.Sprintf("%s %d %d %d", name, r.generation, r.doubts, r.known())
	r.mu.Unlock()
	page, err, _ := r.reads.Do(key, func() (any, error) { return read() })
	return page.(Page), err
}

// freshPage returns the page that is kept; ok is false if the room has changed since.
func (r *room) freshPage() (page Page, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.page, !r.private && r.loaded && !r.isDoubted() && r.page.Version >= r.known()
}

// readNewest reads the newest page from the store, and brings the ring to its version. If the store has
// another history, or has lost commits, the room starts over with the page.
func (r *room) readNewest(ctx context.Context) (Page, error) {
	r.mu.Lock()
	loaded, generation, doubts, history, reached := r.loaded, r.generation, r.doubts, r.history, r.cursor()
	r.mu.Unlock()
	page, err := r.source.Newest(context.WithoutCancel(ctx), r.id)
	if err == nil && loaded && page.History.Epoch == reached.Epoch && page.Version < reached.Version {
		err = r.source.BeginEpoch(context.WithoutCancel(ctx), r.id, reached)
		if err == nil {
			page, err = r.source.Newest(context.WithoutCancel(ctx), r.id)
		}
	}
	if err != nil {
		return Page{}, err
	}
	r.mu.Lock()
	if generation == r.generation {
		r.takePage(page, history, loaded && page.Version < reached.Version)
		r.resolved = max(r.resolved, doubts)
	}
	r.mu.Unlock()
	return page, r.readUpTo(ctx, page.Version)
}

// takePage keeps a page that was just read. history is the one that the room had when the read began,
// and lost tells that the store has lost commits. If the room has taken another history meanwhile, the
// page may be of the one before, and is read again. The caller holds mu.
func (r *room) takePage(page Page, history History, lost bool) {
	foreign := lost || !page.History.has(r.cursor())
	switch {
	case !r.loaded:
		r.loaded, r.history = true, page.History
		r.ring.restart(page.Version)
		r.keepPage(page)
		r.dropForeign()
		r.advance()
	case foreign && history != r.history:
		r.doubt()
	case foreign:
		r.startOver(page)
	case page.Version >= r.page.Version:
		r.history = page.History
		r.keepPage(page)
	}
}

// keepPage keeps a page for those who come next. That of a members' room is not kept. The caller holds
// mu.
func (r *room) keepPage(page Page) {
	if !r.private {
		r.page, r.paged = page, nil
	}
}

// pageFor returns the frame of a page that was just read, once its reader may be sent it: reading the
// page may have requested rechecks.
func (r *room) pageFor(ctx context.Context, conn *Conn, page Page) (frame, Cursor, error) {
	if err := r.admit(ctx, conn); err != nil {
		return nil, conn.cursor, err
	}
	return r.pageFrame(page), page.cursor(), nil
}

// pageFrame returns the frame of a page. It is made once a page.
func (r *room) pageFrame(page Page) frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.private || page.cursor() != r.page.cursor() {
		return newFrame(r.source.FramePage(r.id, page))
	}
	if r.paged == nil {
		r.paged = newFrame(r.source.FramePage(r.id, page))
	}
	return r.paged
}
