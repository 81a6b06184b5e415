package live

import (
	"context"
	"time"
)

// State is what stands beside the log of a private room, as of a number that grows with each of
// its changes: how far everybody has read, and who may write.
type State struct {
	Number int64
	// Frames are for members, by their ids: not all are shown how far others have read, and each only
	// whether they themselves may write. Many may be the same bytes.
	Frames map[int64][]byte
}

const (
	// stateInterval is how long a state that was read is kept, and not read again: a crowd that
	// reads the same message is told in a few frames.
	stateInterval = 100 * time.Millisecond
	// stateRetry is when a state is read again where the store was away.
	stateRetry = time.Second
)

// unshown is the number of a state that no room has: a page shows none, or another one.
const unshown int64 = -1

// Touch tells the hub that a private room's state has come to a number, at least.
func (h *Hub) Touch(roomID, number int64) {
	entry := Entry{State: number}
	h.Changed(RoomChannel(roomID), entry)
	h.bus.Publish(RoomChannel(roomID), entry)
}

// expectState notes that the room's state has come to a number, at least.
func (r *room) expectState(number int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number <= r.state {
		return
	}
	r.state = number
	if r.resting == nil {
		r.writers.wake(r.conns...)
	}
}

// stateFor returns a frame of the state where a reader is shown another one; nil where not, or
// not yet. It is for writers.
func (r *room) stateFor(conn *Conn) frame {
	f, ok := r.stateRead(conn)
	if ok {
		return f
	}
	r.writers.lend()
	defer r.writers.takeBack()
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	r.readState(ctx)
	f, _ = r.stateRead(conn)
	return f
}

// stateRead is stateFor of what was read of late; ok is false where that is to be read.
func (r *room) stateRead(conn *Conn) (f frame, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.private || !conn.isInside() || conn.shown >= r.state {
		return nil, true
	}
	if r.latest == nil || r.latest.Number <= conn.shown {
		return nil, r.resting != nil
	}
	shown, ok := r.latest.Frames[conn.member.Person.ID]
	if !ok { // they left, or came since
		r.doubt(conn)
		return nil, true
	}
	conn.shown = r.latest.Number
	return newFrame(shown), true
}

// readState reads the state, for all readers; then it rests, and has those look again who are
// still shown another one.
func (r *room) readState(ctx context.Context) {
	_, _, _ = r.reads.Do("state", func() (any, error) {
		r.mu.Lock()
		expected, rests := r.state, r.resting != nil
		r.mu.Unlock()
		if rests { // since a read that ended just now
			return nil, nil
		}
		state, err := r.source.State(context.WithoutCancel(ctx), r.id)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil {
			r.resting = time.AfterFunc(stateRetry, r.endRest)
			return nil, nil //nolint:nilerr // it is tried again
		}
		if r.state == expected {
			r.state = state.Number // which is less where a backup was restored
		} else {
			r.state = max(r.state, state.Number)
		}
		r.latest = &state
		r.resting = time.AfterFunc(stateInterval, r.endRest)
		return nil, nil
	})
}

func (r *room) endRest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latest, r.resting = nil, nil
	for _, conn := range r.conns {
		if conn.shown < r.state {
			r.writers.wake(conn)
		}
	}
}
