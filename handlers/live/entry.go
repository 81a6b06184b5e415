package live

import "encoding/binary"

// Entry is what is said on a channel. On a room's it is a change: the fragment that shows its
// outcome; or, of version 0, only how far the room's state is.
type Entry struct {
	Version  int64
	Leaves   int64 // who may not read the room from this version on; 0: nobody
	Author   int64 // who has written it, and so types no more; 0: nobody
	State    int64 // the number that the room's state has come to, at least; 0: the entry does not say
	Fragment []byte

	// Last is the version of the last change that was committed with this one, and so is about to be
	// published, too: readers are told of all at once. Other servers are not told of it. 0: there is none.
	Last int64
}

// entryHeader is how many bytes an entry has before its fragment: four numbers of 8 bytes.
const entryHeader = 4 * 8

// Encode returns the entry as a bus carries it between servers.
func (e Entry) Encode() []byte {
	data := make([]byte, 0, entryHeader+len(e.Fragment))
	for _, number := range []int64{e.Version, e.Leaves, e.Author, e.State} {
		data = binary.BigEndian.AppendUint64(data, uint64(number)) //nolint:gosec // as it is read again
	}
	return append(data, e.Fragment...)
}

// DecodeEntry reads an entry that a bus carried; ok is false if data is not one. The entry keeps data.
func DecodeEntry(data []byte) (entry Entry, ok bool) {
	if len(data) < entryHeader {
		return Entry{}, false
	}
	for i, number := range []*int64{&entry.Version, &entry.Leaves, &entry.Author, &entry.State} {
		*number = int64(binary.BigEndian.Uint64(data[8*i:])) //nolint:gosec // as it was published
	}
	entry.Fragment = data[entryHeader:]
	return entry, true
}
