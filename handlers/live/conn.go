package live

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Close codes. The page's WebSocket extension comes back after 1012 and not after 1008; after 4404
// the page goes elsewhere, since there is no such room for its viewer.
const (
	statusRestart      = websocket.StatusServiceRestart
	statusSessionEnded = websocket.StatusPolicyViolation
	statusNoSuchRoom   = websocket.StatusCode(4404)
)

const (
	// A connection is asked for a sign of life this often, and cut where it gives none, or
	// takes no frame, for as long as patience: so one that is lost without a word is no
	// longer counted 10 s later. It comes back with its cursor.
	pingInterval = 4 * time.Second
	patience     = 4500 * time.Millisecond
	// Connections are asked in turns, so that thousands are not all asked at one moment.
	pingTurns = 16
)

// Conn is one browser's live connection: a cursor into its room's log.
type Conn struct {
	hub    *Hub
	socket *websocket.Conn
	wire   *wire
	room   *room // nil: only what concerns the viewer
	member Member
	turn   uint64 // when to ping it, of pingTurns

	state   atomic.Int32 // current, behind, catching up, or behind again
	closing sync.Once

	inbox atomic.Pointer[inbox] // what is to be told of it, if anything

	// Owned by the writer that serves the connection.
	cursor int64
	told   uint64 // which presence the connection was told
	mark   string // of the inbox that its page shows

	// Owned by the room: its mu guards them.
	place   int    // where the room has it
	outside bool   // whether it has been there, and is no more
	doubt   int    // the room's number of when that came into doubt; 0: it is in none
	shown   int64  // the number of the state that its page shows
	typed   uint64 // which typing the connection was told
}

// Member is who opens a connection, and from where.
type Member struct {
	Person  Person
	Session SessionKey
	Address string
}

// The states of a connection, as to what it has been told.
const (
	current     int32 = iota // all there was, when that was last looked at
	behind                   // a writer is to look
	catchingUp               // a writer is at it
	behindAgain              // and is to look once more
)

// add makes a connection known, which is at a place; false where the hub has begun to shut down.
func (h *Hub) add(conn *Conn, seat *Seat, place Place) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.conns[conn] = struct{}{}
	if h.bySession[conn.member.Session] == nil {
		h.bySession[conn.member.Session] = map[*Conn]struct{}{}
	}
	h.bySession[conn.member.Session][conn] = struct{}{}
	if place.Room.ID != 0 {
		conn.room = h.roomLocked(place.Room)
		conn.room.add(conn)
		state := place.State
		if conn.room.since >= seat.number {
			state++ // for all that is known here: it may have been touched during the handshake
		}
		conn.room.expectState(state)
	}
	person := conn.member.Person.ID
	found := h.byPerson[person]
	found.conns = append(found.conns, conn)
	if found.changed >= seat.number || place.InboxShown != place.Inbox {
		h.inboxChangedLocked(person)
	}
	h.presence.arrive(conn.member.Person)
	return true
}

func (h *Hub) remove(conn *Conn) {
	conn.cut()
	if conn.room != nil {
		conn.room.remove(conn)
	}
	h.presence.leave(conn.member.Person)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, conn)
	found := h.byPerson[conn.member.Person.ID]
	at := slices.Index(found.conns, conn)
	found.conns = slices.Delete(found.conns, at, at+1)
	sessions := h.bySession[conn.member.Session]
	if delete(sessions, conn); len(sessions) == 0 {
		delete(h.bySession, conn.member.Session)
	}
}

// wake has a writer look for what the connection has yet to see. It never blocks.
func (c *Conn) wake() { c.hub.writers.wake(c) }

// fallBehind notes that there may be more to tell; true where a writer is to be found for it.
func (c *Conn) fallBehind() bool {
	for {
		switch c.state.Load() {
		case current:
			if c.state.CompareAndSwap(current, behind) {
				return true
			}
		case catchingUp:
			if c.state.CompareAndSwap(catchingUp, behindAgain) {
				return false
			}
		default:
			return false
		}
	}
}

// catchUp writes what the connection has yet to see; true where there may be more by now.
func (c *Conn) catchUp() bool {
	c.state.Store(catchingUp)
	// Where an earlier frame is still on its way, its end wakes the connection.
	if c.wire.stuck.Load() == 0 && !c.tell() {
		return false // and stay in this state: what is cut is never woken again
	}
	if c.state.CompareAndSwap(catchingUp, current) {
		return false
	}
	c.state.Store(current)
	return true
}

// tell writes what the connection has yet to be told: the changes of the room first, and then what
// has a latest value; false where the connection is no more.
func (c *Conn) tell() bool {
	return c.tellRoom() && c.tellInbox() && c.tellPresence()
}

func (c *Conn) tellRoom() bool {
	return c.room == nil || c.tellLog() && c.write(c.room.stateFor(c)) && c.write(c.room.typingFor(c))
}

func (c *Conn) tellLog() bool {
	frame, cursor, err := c.room.after(c)
	switch {
	case errors.Is(err, errOutside): // and is being closed
		return false
	case err != nil:
		// The store is away. The page keeps what it has, and comes back to catch up.
		c.close(websocket.StatusTryAgainLater, "try again later")
		return false
	}
	c.cursor = cursor
	return c.write(frame)
}

func (c *Conn) tellInbox() bool {
	inbox := c.inbox.Swap(nil)
	if inbox == nil || inbox.mark == c.mark {
		return true
	}
	c.mark = inbox.mark
	return c.write(inbox.frame)
}

func (c *Conn) tellPresence() bool {
	count, listing, told, isNew := c.hub.presence.frames(c.told)
	if !isNew {
		return true
	}
	c.told = told
	if c.room == nil {
		return c.write(count)
	}
	return c.write(listing)
}

// write writes a frame, if there is one; false where the connection is no more. It has no deadline,
// which would cost a timer a frame: watchConnections keeps time.
func (c *Conn) write(f frame) bool {
	if f == nil {
		return true
	}
	err := c.wire.writeFrame(f)
	if err != nil {
		c.cut()
	}
	return err == nil
}

// close says goodbye without waiting for the answer; the connection's reader notices the
// end.
func (c *Conn) close(code websocket.StatusCode, reason string) {
	c.hub.delivering.Go(func() { c.sayGoodbye(code, reason) })
}

// sayGoodbye closes the connection with a code, and gives the page 5 s to answer.
func (c *Conn) sayGoodbye(code websocket.StatusCode, reason string) {
	c.closing.Do(func() { _ = c.socket.Close(code, reason) })
}

// cut ends the connection without a word.
func (c *Conn) cut() { _ = c.socket.CloseNow() }

// watchConnections cuts those that take no bytes, and those that give no sign of life.
func (h *Hub) watchConnections(ctx context.Context) {
	turn := uint64(0)
	every(ctx, pingInterval/pingTurns, func() {
		turn++
		h.mu.Lock()
		defer h.mu.Unlock()
		for conn := range h.conns {
			stuck := conn.wire.stuck.Load()
			switch {
			case stuck != 0 && time.Since(time.Unix(0, stuck)) > patience:
				h.delivering.Go(conn.cut)
			case stuck == 0 && conn.turn == turn%pingTurns:
				h.delivering.Go(conn.ping)
			}
		}
	})
}

// ping cuts the connection where its browser does not answer.
func (c *Conn) ping() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.socket.Ping(ctx); err != nil {
		c.cut()
	}
}
