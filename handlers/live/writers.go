package live

import (
	"runtime"
	"sync"
)

// writers write to the connections that are behind, in the order in which these fell behind. A
// few serve them all: with a goroutine each, every frame would cost a switch between stacks.
// Whoever waits longer has more to be told, in one frame.
//
// A writer that has to wait, for a reader that takes no bytes or for the store, lends its
// place to another one: so the slowest reader holds up nobody.
type writers struct {
	writing *sync.WaitGroup // every writer is one of it
	places  int             // how many may write at once

	mu     sync.Mutex
	behind []*Conn // a connection is there once at most
	first  int     // where in behind the next one is
	taken  int     // places of those that write now
}

func newWriters(writing *sync.WaitGroup) *writers {
	return &writers{writing: writing, places: max(2, runtime.GOMAXPROCS(0))}
}

// wake has a writer look for what the connections have yet to see. It never blocks.
func (w *writers) wake(conns ...*Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		if conn.fallBehind() {
			w.behind = append(w.behind, conn)
		}
	}
	w.start()
}

// start has writers take the places that are free, as many as there are connections for.
// The caller holds mu.
func (w *writers) start() {
	for waiting := len(w.behind) - w.first; waiting > 0 && w.taken < w.places; waiting-- {
		w.taken++
		w.writing.Go(w.write)
	}
}

// write serves one connection after the other, until none is behind.
func (w *writers) write() {
	for conn := w.next(); conn != nil; conn = w.next() {
		if conn.catchUp() {
			w.wake(conn)
		}
	}
}

// next returns the connection that has been behind for longest; nil where the writer is to
// end, and has given its place back.
func (w *writers) next() *Conn {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first == len(w.behind) || w.taken > w.places {
		w.taken--
		return nil
	}
	conn := w.behind[w.first]
	w.behind[w.first] = nil
	if w.first++; w.first == len(w.behind) {
		w.behind, w.first = w.behind[:0], 0
	}
	return conn
}

// lend gives a place to another writer for as long as its owner waits; takeBack ends that.
// For a moment there may then be a writer too many.
func (w *writers) lend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken--
	w.start()
}

func (w *writers) takeBack() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken++
}
