package live

// History names the history of a room's log. A store that has lost commits goes on with another history,
// which has the same versions up to a point, and then others.
type History struct {
	Epoch  int64 // a random number; 0: the log is empty
	From   int64 // the version at which the epoch began
	Before int64 // the epoch before; its versions up to From belong to this history too
}

// Cursor is a version of a room that a reader has come to, and the epoch in which it did.
type Cursor struct {
	Epoch   int64 // 0: the reader does not know it, and has seen this history
	Version int64
}

// has tells whether what a reader at a cursor has seen belongs to the history. All histories begin with
// nothing.
func (h History) has(at Cursor) bool {
	return at.Version <= 0 || at.Epoch == 0 || at.Epoch == h.Epoch || at.Epoch == h.Before && at.Version <= h.From
}
