package live

import (
	"runtime"
	"sync"
)

// writers write to the connections that are behind, in the order in which they fell behind. A few
// goroutines serve all connections: with one for each, every frame would cost a switch between
// goroutines. A connection that waits longer gets more in one frame.
//
// A writer that has to wait, for a reader that takes no bytes or for the store, lends its place to
// another one. So the slowest reader delays nobody.
type writers struct {
	writing *sync.WaitGroup // waits for all writers
	places  int             // how many may write at the same time

	mu     sync.Mutex
	behind []*Conn // each connection at most once
	first  int     // the index of the next one in behind
	taken  int     // how many places are taken
}

func newWriters(writing *sync.WaitGroup) *writers {
	return &writers{writing: writing, places: max(2, runtime.GOMAXPROCS(0))}
}

// wake has writers send connections what they have yet to see. It never blocks.
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

// start starts writers while there are free places and connections that wait. The caller holds mu.
func (w *writers) start() {
	for waiting := len(w.behind) - w.first; waiting > 0 && w.taken < w.places; waiting-- {
		w.taken++
		w.writing.Go(w.write)
	}
}

// write serves connections until none is behind.
func (w *writers) write() {
	for conn := w.next(); conn != nil; conn = w.next() {
		if conn.catchUp() {
			w.wake(conn)
		}
	}
}

// next returns the connection that has waited longest. It returns nil if the writer has to end, and
// then has given back its place.
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

// lend gives a place to another writer until takeBack. After that there may be one writer too many for
// a moment.
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
