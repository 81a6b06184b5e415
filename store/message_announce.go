package store

import (
	"sync/atomic"
	"time"
)

// announcedWait is how long a commit waits for posts that are announced. A commit costs a write to the
// disk, and telling the readers of it costs a write to the network for each of them: to wait a moment
// for another post is cheaper than either.
const announcedWait = 3 * time.Millisecond

// Announcement is a post that is on its way to Post. A commit that begins in the meantime waits for
// it, for a few milliseconds.
type Announcement struct {
	store *Store
	ended atomic.Bool
}

// Announce announces a post. The caller ends the announcement if no post comes of it; Post ends that
// of its message.
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
