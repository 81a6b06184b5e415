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
	hub     *Hub
	socket  *websocket.Conn
	room    *room // nil: only what concerns the viewer
	member  Member
	limiter *rate.Limiter
	turn    uint64 // when to ping it, of pingTurns

	state   atomic.Int32 // idle, delivering or delivering again
	writing atomic.Int64 // when the write under way began, in Unix nanoseconds; 0: none
	closing sync.Once

	// Owned by the delivery under way.
	cursor int64
	told   uint64 // which presence the connection was told
}

// Member is who opens a connection, and from where.
type Member struct {
	Person  Person
	Session SessionKey
	Address string
}

// The states of a connection's delivery.
const (
	idle int32 = iota
	delivering
	deliveringAgain
)

// Seat is a place for a connection, taken before its handshake so that limits hold.
type Seat struct {
	hub    *Hub
	member Member
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
	return &Seat{h, member}, nil
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

// Serve reads from the socket, and has what comes after the cursor in the room written to
// it, until it closes; then it gives the seat back. It returns at once, so that what the
// handshake needed can go. Room 0 is none: such a connection hears only what concerns its
// viewer.
func (s *Seat) Serve(socket *websocket.Conn, roomID, cursor int64) {
	go func() {
		defer s.Release()
		s.serve(socket, roomID, cursor)
	}()
}

func (s *Seat) serve(socket *websocket.Conn, roomID, cursor int64) {
	conn := &Conn{
		hub: s.hub, socket: socket, member: s.member, cursor: cursor,
		limiter: rate.NewLimiter(incomingRate, incomingBurst),
	}
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
	for {
		_, message, err := c.socket.Reader(context.Background())
		if err != nil {
			return
		}
		if !c.limiter.Allow() {
			c.sayGoodbye(websocket.StatusPolicyViolation, "too many messages")
			return
		}
		if _, err := io.Copy(io.Discard, message); err != nil {
			return
		}
	}
}

// wake has a delivery look for what the connection has yet to see. It never blocks.
func (c *Conn) wake() {
	for {
		switch c.state.Load() {
		case idle:
			if c.state.CompareAndSwap(idle, delivering) {
				c.hub.delivering.Go(c.deliver)
				return
			}
		case delivering:
			if c.state.CompareAndSwap(delivering, deliveringAgain) {
				return
			}
		default:
			return
		}
	}
}

// deliver writes all that the connection has yet to see, one frame at a time. Whoever
// stalls keeps one such delivery waiting, and nobody else.
func (c *Conn) deliver() {
	for {
		if !c.deliverAll() {
			return // and stay in this state: what is cut is never woken again
		}
		if c.state.CompareAndSwap(delivering, idle) {
			return
		}
		c.state.Store(delivering)
	}
}

// deliverAll returns false where the connection is no more.
func (c *Conn) deliverAll() bool {
	for {
		frame, err := c.next()
		if err != nil {
			// The store is away. The page keeps what it has, and comes back to catch up.
			c.close(websocket.StatusTryAgainLater, "try again later")
			return false
		}
		if frame == nil {
			return true
		}
		c.writing.Store(time.Now().UnixNano())
		// No deadline here, which would cost a timer a frame: watchConnections keeps time.
		err = c.socket.Write(context.Background(), websocket.MessageText, frame)
		c.writing.Store(0)
		if err != nil {
			c.cut()
			return false
		}
	}
}

// next returns the next frame; nil where the connection has seen all.
func (c *Conn) next() ([]byte, error) {
	if c.room != nil {
		ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
		frame, cursor, err := c.room.after(ctx, c.cursor)
		cancel()
		if err != nil {
			return nil, err
		}
		c.cursor = cursor
		if frame != nil {
			return frame, nil
		}
	}
	count, listing, told, isNew := c.hub.presence.frames(c.told)
	if !isNew {
		return nil, nil
	}
	c.told = told
	if c.room == nil {
		return count, nil
	}
	return append(append(make([]byte, 0, len(count)+len(listing)), count...), listing...), nil
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
			began := conn.writing.Load()
			switch {
			case began != 0 && time.Since(time.Unix(0, began)) > patience:
				h.delivering.Go(conn.cut)
			case began == 0 && conn.turn == turn%pingTurns:
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
