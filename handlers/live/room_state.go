package live

import (
	"context"
	"time"
)

// State is what stands beside the log of a members' room: how far everybody has read, and who may
// write. Its number grows with each change.
type State struct {
	Number int64
	// Frames are the messages for members, by their ids. They differ: some members do not show how
	// far they have read, and do not see it of others. Many may share their bytes.
	Frames map[int64][]byte
}

const (
	// stateInterval is how often, at most, a state is read. Many people who read the same message
	// are told in a few frames.
	stateInterval = 100 * time.Millisecond
	// stateRetry is when a state is read again if the store did not answer.
	stateRetry = time.Second
)

// unshown is a number that no state has. It stands for a page that does not show the latest state.
const unshown int64 = -1

// Touch tells the hub that the state of a members' room has reached at least number.
func (h *Hub) Touch(roomID, number int64) {
	entry := Entry{State: number}
	h.Changed(RoomChannel(roomID), entry)
	h.bus.Publish(RoomChannel(roomID), entry)
}

// expectState notes that the room's state has reached at least number.
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

// stateFor returns the frame of the state if a reader's page shows another one, and nil if not or
// not yet. The caller is a writer.
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

// stateRead is stateFor without the store; ok is false if the state has to be read.
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
	if !ok { // the person has left, or came after the state was read
		r.recheck(conn)
		return nil, true
	}
	conn.shown = r.latest.Number
	return newFrame(shown), true
}

// readState reads the state for all readers. Then it rests: the state is not read again until
// endRest.
func (r *room) readState(ctx context.Context) {
	_, _, _ = r.reads.Do("state", func() (any, error) {
		r.mu.Lock()
		expected, rests := r.state, r.resting != nil
		r.mu.Unlock()
		if rests { // because a read has just ended
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
			r.state = state.Number // it is less after a backup was restored
		} else {
			r.state = max(r.state, state.Number)
		}
		r.latest = &state
		r.resting = time.AfterFunc(stateInterval, r.endRest)
		return nil, nil
	})
}

// endRest wakes the readers whose pages still show another state.
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
