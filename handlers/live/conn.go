package live

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

// Close codes. The page's WebSocket extension comes back after 1012 and not after 1008.
const (
	statusRestart      = websocket.StatusServiceRestart
	statusSessionEnded = websocket.StatusPolicyViolation
)

const (
	// A connection is asked for a sign of life this often, and cut where it gives none, or
	// takes no frame, for as long as patience: so one that is lost without a word is no
	// longer counted 10 s later. It comes back with its cursor.
	pingInterval = 4 * time.Second
	patience     = 4500 * time.Millisecond
	// Connections are asked in turns, so that thousands are not all asked at one moment.
	pingTurns = 16
	// The largest frame a page may send; it has nothing to say but a few words.
	maxIncoming = 32 << 10
	// What a page may send: a burst, and then so many frames a second.
	incomingBurst = 40
	incomingRate  = 10
)

// Conn is one browser's live connection: a cursor into its room's log.
type Conn struct {
	hub    *Hub
	socket *websocket.Conn
	wire   *wire
	room   *room // nil: only what concerns the viewer
	place  int   // where the room has it
	member Member
	turn   uint64 // when to ping it, of pingTurns

	state   atomic.Int32 // current, behind, catching up, or behind again
	closing sync.Once

	// Owned by the writer that serves the connection.
	cursor int64
	told   uint64 // which presence the connection was told
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

// Seat is a place for a connection, taken before its handshake so that limits hold.
type Seat struct {
	hub    *Hub
	member Member
	wire   *wire
}

// Reserve takes a place for a member's connection; ErrTooMany where they or their address
// have too many, ErrClosed where the hub is shutting down. Release gives it back.
func (h *Hub) Reserve(member Member) (*Seat, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	if h.limits.PerAddress > 0 && h.byAddress[member.Address] >= h.limits.PerAddress ||
		h.limits.PerPerson > 0 && h.byPerson[member.Person.ID] >= h.limits.PerPerson {
		return nil, ErrTooMany
	}
	h.byAddress[member.Address]++
	h.byPerson[member.Person.ID]++
	h.delivering.Add(1)
	return &Seat{hub: h, member: member}, nil
}

// Release gives the place back where there is nothing to serve.
func (s *Seat) Release() {
	s.hub.mu.Lock()
	countDown(s.hub.byAddress, s.member.Address)
	countDown(s.hub.byPerson, s.member.Person.ID)
	s.hub.mu.Unlock()
	s.hub.delivering.Done()
}

// countDown takes one off a count, and forgets it at none.
func countDown[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] == 0 {
		delete(counts, key)
	}
}

// Serve reads from the socket that was made of the seat's wire, and has what comes after the
// cursor in the room written to it, until it closes; then it gives the seat back. It returns
// at once, so that what the handshake needed can go. Room 0 is none: such a connection hears
// only what concerns its viewer.
func (s *Seat) Serve(socket *websocket.Conn, roomID, cursor int64) {
	go func() {
		defer s.Release()
		s.serve(socket, roomID, cursor)
	}()
}

func (s *Seat) serve(socket *websocket.Conn, roomID, cursor int64) {
	conn := &Conn{
		hub: s.hub, socket: socket, wire: s.wire, member: s.member, cursor: cursor,
	}
	conn.wire.unstuck = conn.wake
	if !s.hub.add(conn, roomID) {
		conn.sayGoodbye(statusRestart, "restart")
		return
	}
	defer s.hub.remove(conn)
	conn.wake()
	conn.read()
}

// add makes a connection known; false where the hub has begun to shut down.
func (h *Hub) add(conn *Conn, roomID int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.arrived++
	conn.turn = h.arrived % pingTurns
	h.conns[conn] = struct{}{}
	if h.bySession[conn.member.Session] == nil {
		h.bySession[conn.member.Session] = map[*Conn]struct{}{}
	}
	h.bySession[conn.member.Session][conn] = struct{}{}
	if roomID != 0 {
		conn.room = h.roomLocked(roomID)
		conn.room.add(conn)
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
	sessions := h.bySession[conn.member.Session]
	if delete(sessions, conn); len(sessions) == 0 {
		delete(h.bySession, conn.member.Session)
	}
}

// read drops all that the page sends, as nothing lasting goes this way, and returns when
// the socket closes. A page that floods is closed.
func (c *Conn) read() {
	c.socket.SetReadLimit(maxIncoming)
	var limiter *rate.Limiter // most pages never send anything
	for {
		_, message, err := c.socket.Reader(context.Background())
		if err != nil {
			return
		}
		if limiter == nil {
			limiter = rate.NewLimiter(incomingRate, incomingBurst)
		}
		if !limiter.Allow() {
			c.sayGoodbye(websocket.StatusPolicyViolation, "too many messages")
			return
		}
		if _, err := io.Copy(io.Discard, message); err != nil {
			return
		}
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

// tell writes the changes of the room, and then who is online; false where the connection is
// no more.
func (c *Conn) tell() bool {
	if c.room != nil {
		frame, cursor, err := c.room.after(c.cursor)
		if err != nil {
			// The store is away. The page keeps what it has, and comes back to catch up.
			c.close(websocket.StatusTryAgainLater, "try again later")
			return false
		}
		if frame != nil && !c.write(frame) {
			return false
		}
		c.cursor = cursor
	}
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

// write returns false where the connection is no more. It has no deadline, which would cost a
// timer a frame: watchConnections keeps time.
func (c *Conn) write(frame []byte) bool {
	err := c.socket.Write(context.Background(), websocket.MessageText, frame)
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
