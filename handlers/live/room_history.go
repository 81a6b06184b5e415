package live

// What a room holds belongs to one history of its log. The store may go on with another one:
//
//   - A change, a page or an answer names another history. If what the room holds belongs to that one
//     too, as after a restart that lost nothing, the room goes on with it. If not, the history is in
//     doubt: the newest page is read, and the room starts over with it.
//   - The store answers with less than the room had come to before it was asked. Then the store has
//     lost commits, and begins an epoch, so that no cursor of before is taken for one of what follows.
//
// Readers who have seen what is in no log any more get the newest page.

// cursor returns how far the room is known to be. The caller holds mu.
func (r *room) cursor() Cursor { return Cursor{r.history.Epoch, r.known()} }

// reached returns how far the room is known to be, and so must be in the store.
func (r *room) reached() Cursor {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cursor()
}

// adopt takes the history that the store is said to have; false if what the room holds does not belong
// to it. Then the store is asked. The caller holds mu.
func (r *room) adopt(history History) bool {
	switch {
	case history == r.history:
	case history.has(r.cursor()):
		r.history = history
		r.frames = nil
	default:
		r.doubt()
		return false
	}
	return true
}

// confirm is adopt for what the store answered to somebody who knew that it had come to a version. The
// caller holds mu.
func (r *room) confirm(reached int64, progress Progress) bool {
	if progress.Version < reached {
		r.doubt()
		return false
	}
	return r.adopt(progress.History)
}

// compare takes what the store answered after the room had come to a cursor.
func (r *room) compare(reached Cursor, progress Progress) {
	r.mu.Lock()
	if reached.Epoch == r.history.Epoch && progress.Version < reached.Version {
		r.doubt()
	}
	r.mu.Unlock()
	r.hear(progress)
}

// hear notes how far the store is.
func (r *room) hear(progress Progress) {
	r.mu.Lock()
	known := !r.loaded || progress.Version == 0 || r.adopt(progress.History)
	r.mu.Unlock()
	if known {
		r.expect(progress.Version)
	}
}

// doubt has the newest page read, which says what history the store has. The caller holds mu.
func (r *room) doubt() {
	r.doubts++
	r.fillSoon(gapWait)
}

// isDoubted tells whether the store has yet to say what history it has. The caller holds mu.
func (r *room) isDoubted() bool { return r.doubts > r.resolved }

// startOver drops all that the room holds, and begins with a page of another history. The caller holds
// mu.
func (r *room) startOver(page Page) {
	r.generation++
	r.history = page.History
	r.ring.restart(page.Version)
	r.least, r.together = 0, 0
	r.frames = nil
	r.page, r.paged = Page{Version: -1}, nil
	r.keepPage(page)
	r.dropForeign()
	r.recheckAll()
	r.state, r.latest = 0, nil
	for _, conn := range r.conns {
		conn.shown = unshown
	}
	r.advance()
	r.writers.wake(r.conns...)
}

// dropForeign drops parked changes of other histories. The store is asked for them again, since theirs
// may be the later history. The caller holds mu.
func (r *room) dropForeign() {
	for version, entry := range r.parked {
		if entry.History.Epoch != r.history.Epoch {
			delete(r.parked, version)
			r.doubt()
		}
	}
}
