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
	// Each connection gets a ping once a pingInterval. It is cut if it does not answer, or takes no
	// bytes, for answerTimeout: so a browser that is gone without a word is not counted 10 s later. One
	// that is still there comes back with its cursor.
	pingInterval  = 4 * time.Second
	answerTimeout = 4500 * time.Millisecond
	// Connections get their pings in turns, so that thousands do not get theirs at one moment.
	pingTurns = 16
)

// Conn is one browser's live connection: a cursor into its room's log.
type Conn struct {
	hub    *Hub
	socket *websocket.Conn
	wire   *wire
	room   *room // nil: its page shows no room
	member Member
	turn   uint64 // which of the pingTurns is its own

	state   atomic.Int32 // current, behind, catching up, or behind again
	closing sync.Once

	inbox atomic.Pointer[inbox] // what its page is to show of it; nil: nothing new
	ping  atomic.Bool           // whether it is to get a ping
	gone  atomic.Bool           // whether its page will not be back soon

	// Owned by the writer that serves the connection.
	cursor Cursor
	told   uint64 // the number of the presence that its page shows
	news   uint64 // the number of the news that its page shows; 0: none
	mark   string // the mark of the inbox that its page shows

	// Owned by the room: its mu guards them.
	place   int    // its index in the room's conns
	outside bool   // whether the room has dropped it
	recheck int    // which of the room's rechecks it waits for; 0: none
	shown   int64  // the number of the state that its page shows
	typed   uint64 // the room's typed when it was last told who types
}

// Member is who opens a connection, and from where.
type Member struct {
	Person   Person
	Session  SessionKey
	Networks []Network
}

// Network is a part of the internet whose connections are counted together.
type Network struct {
	Key       string
	Addresses int // how many times as many connections as one address it may have
}

// The states of a connection.
const (
	current     int32 = iota // it had been sent all there was
	behind                   // it waits for a writer
	catchingUp               // a writer serves it
	behindAgain              // a writer serves it, and has to look once more
)

var errSessionEnded = errors.New("the session has ended")

// add adds a connection whose page is at place. It fails with ErrClosed if the hub is shutting down, and with
// errSessionEnded if the session ended during the handshake.
func (h *Hub) add(conn *Conn, reservation *Reservation, place Place) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.shaking, reservation)
	switch {
	case h.closed:
		return ErrClosed
	case reservation.ended:
		return errSessionEnded
	}
	conn.told = h.presence.arrive(conn.member.Person) // before a writer may serve the connection
	h.conns[conn] = struct{}{}
	if h.bySession[conn.member.Session] == nil {
		h.bySession[conn.member.Session] = map[*Conn]struct{}{}
	}
	h.bySession[conn.member.Session][conn] = struct{}{}
	if place.Room.ID != 0 {
		conn.room = h.roomLocked(place.Room)
		conn.room.add(conn)
		state := place.State
		if conn.room.since >= reservation.number {
			state++ // the state may have changed during the handshake, when the hub did not have the room
		}
		conn.room.expectState(state)
	}
	person := conn.member.Person.ID
	found := h.byPerson[person]
	found.conns = append(found.conns, conn)
	if found.changed >= reservation.number || place.InboxShown != place.Inbox {
		h.inboxChangedLocked(person)
	}
	return nil
}

func (h *Hub) remove(conn *Conn) {
	conn.cut()
	if conn.room != nil {
		conn.room.remove(conn)
	}
	h.presence.leave(conn.member.Person, conn.gone.Load())
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

// wake has a writer send the connection what it has yet to see. It never blocks.
func (c *Conn) wake() { c.hub.writers.wake(c) }

// fallBehind notes that there may be something to send; true if the connection needs a writer.
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

// catchUp writes what the connection has yet to see; true if there may be more already.
func (c *Conn) catchUp() bool {
	c.state.Store(catchingUp)
	// While a write waits for the reader, nothing more is written. Its end wakes the connection.
	if c.wire.stuck.Load() == 0 && !c.tell() {
		return false // in this state it is never woken again
	}
	if c.state.CompareAndSwap(catchingUp, current) {
		return false
	}
	c.state.Store(current)
	return true
}

// tell writes the changes of the room, and then the latest values; false if the connection has
// ended.
func (c *Conn) tell() bool {
	return c.tellRoom() && c.tellInbox() && c.tellNews() && c.tellPresence() && c.tellPing()
}

func (c *Conn) tellRoom() bool {
	return c.room == nil || c.tellLog() && c.write(c.room.stateFor(c)) && c.write(c.room.typingFor(c))
}

func (c *Conn) tellLog() bool {
	frame, cursor, err := c.room.after(c)
	switch {
	case errors.Is(err, errOutside): // the room has closed the connection
		return false
	case err != nil:
		// The store does not answer. The page keeps what it has, and comes back to catch up.
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

// write writes a frame, if there is one; false if the connection has ended. It sets no deadline,
// because a timer for each frame is expensive: watchConnections cuts what takes too long.
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

// close starts to close the connection, and returns at once. The connection's reader notices the end.
func (c *Conn) close(code websocket.StatusCode, reason string) {
	c.hub.delivering.Go(func() { c.sayGoodbye(code, reason) })
}

// sayGoodbye closes the connection with a code, and waits up to 5 s for the page to answer.
func (c *Conn) sayGoodbye(code websocket.StatusCode, reason string) {
	c.closing.Do(func() { _ = c.socket.Close(code, reason) })
}

// cut ends the connection without a close frame.
func (c *Conn) cut() { _ = c.socket.CloseNow() }

// tellPing asks the browser for a sign of life, if it is time.
func (c *Conn) tellPing() bool {
	if !c.ping.Swap(false) {
		return true
	}
	c.wire.pinged.Store(time.Now().UnixNano())
	return c.write(pingFrame)
}

// watchConnections cuts connections that take no bytes or do not answer, and has the others get
// their pings, until ctx ends.
func (h *Hub) watchConnections(ctx context.Context) {
	turn := uint64(0)
	Every(ctx, pingInterval/pingTurns, nil, func() {
		turn++
		late := time.Now().Add(-answerTimeout).UnixNano()
		var due []*Conn
		h.mu.Lock()
		defer h.mu.Unlock()
		for conn := range h.conns {
			stuck, pinged := conn.wire.stuck.Load(), conn.wire.pinged.Load()
			switch {
			case stuck != 0 && stuck < late, pinged != 0 && pinged < late:
				conn.gone.Store(true)
				h.delivering.Go(conn.cut)
			case stuck == 0 && pinged == 0 && conn.turn == turn%pingTurns:
				conn.ping.Store(true)
				due = append(due, conn)
			}
		}
		h.writers.wake(due...)
	})
}
