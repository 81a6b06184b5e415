package live

import (
	"context"
	"fmt"
)

// Page is a room's newest page, afresh, as of a version.
type Page struct {
	Version  int64
	First    int64 // the seq of its first message; 0 if it has none
	HTML     []byte
	Deflated []byte // the same, compressed, to be put into what is compressed
}

// newest returns the newest page, which is read once a version; a private room's is not kept, and
// is shared by those alone who wait for it.
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

// beyond returns the newest page that the store has, for a reader who has seen more than was
// published here. It is shared by those alone who have seen as much: an earlier read may
// return less than that.
func (r *room) beyond(ctx context.Context, cursor int64) (Page, error) {
	return r.share(fmt.Sprintf("beyond %d", cursor), func() (Page, error) { return r.readNewest(ctx) })
}

// share has one read of a page serve all who wait for it. One that waits for a read that
// began before its own change was committed would get a page without it; so a read is shared
// only by those who know no newer version.
func (r *room) share(name string, read func() (Page, error)) (Page, error) {
	r.mu.Lock()
	key := fmt.Sprintf("%s %d %d", name, r.era, r.known())
	r.mu.Unlock()
	page, err, _ := r.reads.Do(key, func() (any, error) { return read() })
	return page.(Page), err
}

// freshPage returns the latest page; ok is false where there is something newer.
func (r *room) freshPage() (page Page, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.page, !r.private && r.loaded && r.page.Version >= r.known()
}

// readNewest reads the newest page from the store, and learns from it how far the room is.
func (r *room) readNewest(ctx context.Context) (Page, error) {
	r.mu.Lock()
	era := r.era
	r.mu.Unlock()
	page, err := r.source.Newest(context.WithoutCancel(ctx), r.id)
	if err != nil {
		return Page{}, err
	}
	r.mu.Lock()
	if !r.private && era == r.era && (page.Version >= r.page.Version || !r.loaded) {
		r.page, r.paged = page, nil
	}
	if !r.loaded {
		r.loaded = true
		r.ring.restart(page.Version)
		r.advance()
	}
	r.mu.Unlock()
	return page, r.readUpTo(ctx, page.Version)
}

// pageFor returns the frame of a page that was just read, for a reader who may read it: where it has
// brought the room further, that is in doubt.
func (r *room) pageFor(ctx context.Context, conn *Conn, page Page) (frame, int64, error) {
	if err := r.admit(ctx, conn); err != nil {
		return nil, conn.cursor, err
	}
	return r.pageFrame(page), page.Version, nil
}

// pageFrame returns the frame of a page, made once a page.
func (r *room) pageFrame(page Page) frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.private || page.Version != r.page.Version {
		return newFrame(r.source.FramePage(r.id, page))
	}
	if r.paged == nil {
		r.paged = newFrame(r.source.FramePage(r.id, page))
	}
	return r.paged
}
