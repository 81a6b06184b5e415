package live

import "encoding/binary"

// Entry is what a channel carries. On a room's channel it is a change, with the fragment that shows its
// outcome. One of version 0 carries the number of the room's state alone.
type Entry struct {
	Version int64
	Seq     int64 // of the message or event that changed; it is Version where the change added it
	History History
	Leaves  int64 // who leaves the room by this change; 0: nobody
	Author  int64 // who wrote it, and so has stopped typing; 0: nobody
	State   int64 // the least number of the room's state; 0: the entry does not say
	// Quotes is the seq of the message that the fragment quotes, or 0 if it quotes none. QuoteVersion is the version at
	// which that message last changed before it was quoted.
	Quotes, QuoteVersion int64
	Fragment             []byte

	// Last is the version of the last change of the same commit, which is about to be published too:
	// readers are told of all at once. 0: the change was committed alone. A bus does not carry it.
	Last int64
}

// isChange tells whether the entry changes a message that was there before.
func (e *Entry) isChange() bool { return 0 < e.Seq && e.Seq < e.Version }

// quotesBefore tells whether the fragment has a text that a change has replaced.
func (e *Entry) quotesBefore(change *Entry) bool {
	return change.isChange() && e.Quotes == change.Seq && e.QuoteVersion < change.Version && len(e.Fragment) > 0
}

// entryHeader is how many bytes an entry has before its fragment: ten numbers of 8 bytes.
const entryHeader = 10 * 8

// numbers returns the numbers of the header, in their order.
func (e *Entry) numbers() [entryHeader / 8]*int64 {
	return [...]*int64{
		&e.Version, &e.Seq, &e.History.Epoch, &e.History.From, &e.History.Before, &e.Leaves, &e.Author, &e.State,
		&e.Quotes, &e.QuoteVersion,
	}
}

// Encode returns the entry as a bus carries it between servers.
func (e Entry) Encode() []byte {
	data := make([]byte, 0, entryHeader+len(e.Fragment))
	for _, number := range e.numbers() {
		data = binary.BigEndian.AppendUint64(data, uint64(*number)) //nolint:gosec // as it is read again
	}
	return append(data, e.Fragment...)
}

// DecodeEntry reads an entry that a bus carried; ok is false if data is not one. The entry keeps data.
func DecodeEntry(data []byte) (entry Entry, ok bool) {
	if len(data) < entryHeader {
		return Entry{}, false
	}
	for i, number := range entry.numbers() {
		*number = int64(binary.BigEndian.Uint64(data[8*i:])) //nolint:gosec // as it was published
	}
	entry.Fragment = data[entryHeader:]
	return entry, true
}
