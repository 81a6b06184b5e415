package live

// maxReplay is how many changes a reader may be behind. One that is further behind gets the newest
// page instead, so a longer ring would serve nobody.
const maxReplay = 200

// maxRingBytes is about how many bytes the fragments of a ring take at most. A reader that needs
// older ones is served from the store.
const maxRingBytes = 4 << 20

// maxPrivateBytes is maxRingBytes of a members' room. A site has many of these, and their readers
// take messages as they come.
const maxPrivateBytes = 4 << 10

// ring holds the changes of a room after version from and up to version head, in order. A message
// that changed twice may be there once, at its later version.
type ring struct {
	from, head int64
	entries    []Entry
	bytes      int
	most       int // bytes, about
}

// append adds a change that is newer than all in the ring, and drops the oldest ones if there are
// too many. It drops earlier fragments of the same message: a deleted text must be nowhere. So it drops all up to the
// last fragment that quotes such a text: a reader that needs them is served from the store, with what holds now.
func (r *ring) append(entry Entry) {
	if entry.isChange() {
		r.forgetIn(r.entries, entry.Seq)
		r.dropThrough(lastQuoteBefore(r.entries, &entry))
	}
	r.entries = append(r.entries, entry)
	r.bytes += len(entry.Fragment)
	r.head = entry.Version
	for len(r.entries) > maxReplay || (r.bytes > r.most && len(r.entries) > 1) {
		r.dropThrough(0)
	}
}

// dropThrough drops the oldest entries, up to the one at an index. It drops none if the index is -1.
func (r *ring) dropThrough(index int) {
	for i := range r.entries[:index+1] {
		r.from = r.entries[i].Version
		r.bytes -= len(r.entries[i].Fragment)
		r.entries[i] = Entry{} // or the array would keep the fragment alive
	}
	r.entries = r.entries[index+1:]
}

// lastQuoteBefore returns the index of the last entry that quotes a text which a change has replaced, or -1.
func lastQuoteBefore(entries []Entry, change *Entry) int {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].quotesBefore(change) {
			return i
		}
	}
	return -1
}

// forgetIn drops the fragments of a message from entries of the ring, and keeps their versions.
func (r *ring) forgetIn(entries []Entry, seq int64) {
	for i := range entries {
		if entries[i].Seq == seq {
			r.bytes -= len(entries[i].Fragment)
			entries[i].Fragment = nil
		}
	}
}

// restart empties the ring, and sets its version.
func (r *ring) restart(at int64) {
	*r = ring{from: at, head: at, most: r.most}
}

// prepend adds older changes: all after version from and up to the ring's own from. A message may have changed since
// they were read: then the ring has its later fragment alone, and what quotes it has to be read again.
func (r *ring) prepend(from int64, older []Entry) {
	newer := r.entries
	for i := range newer {
		if last := lastQuoteBefore(older, &newer[i]); last >= 0 {
			from, older = older[last].Version, older[last+1:]
		}
	}
	r.entries = append(append(make([]Entry, 0, len(older)+len(newer)), older...), newer...)
	for _, entry := range older {
		r.bytes += len(entry.Fragment)
	}
	for _, entry := range newer {
		if entry.isChange() {
			r.forgetIn(r.entries[:len(older)], entry.Seq)
		}
	}
	r.from = from
}

// after returns the changes after a version, which must not be before the ring's from.
func (r *ring) after(version int64) []Entry {
	// Versions grow by about one an entry, so the place is found from the end.
	at := len(r.entries)
	for at > 0 && r.entries[at-1].Version > version {
		at--
	}
	return r.entries[at:]
}
