package store

import (
	"sync/atomic"
	"time"
)

// announcedWait is how long a commit waits for announced posts. A commit costs a disk write, and
// sending it costs a network write for each reader. Waiting a moment for another post is cheaper
// than either.
const announcedWait = 3 * time.Millisecond

// Announcement says that a call of Post will follow. A commit that begins before that call waits
// for it, up to announcedWait.
type Announcement struct {
	store *Store
	ended atomic.Bool
}

// Announce announces a post. Post ends the announcement of its message. The caller must end it if
// it does not call Post.
func (s *Store) Announce() *Announcement {
	s.announced.Add(1)
	return &Announcement{store: s}
}

// End ends the announcement. It may be called on nil, and more than once.
func (a *Announcement) End() {
	if a != nil && !a.ended.Swap(true) {
		a.store.announced.Add(-1)
	}
}
