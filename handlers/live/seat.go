package live

import (
	"strings"

	"github.com/coder/websocket"
)

// Seat is a place for a connection, taken before its handshake so that limits hold, and so that
// nothing is missed which happens during it.
type Seat struct {
	hub    *Hub
	number uint64 // of all that were taken
	member Member
	wire   *wire
}

// Place is where a connection's page is. What it says of the store has to be read after the seat
// was taken.
type Place struct {
	Room       Room   // its ID is 0 where the page shows none
	After      int64  // the cursor
	StateShown int64  // of a private room: the number of the state that the page shows,
	State      int64  // and that of the store's
	InboxShown string // the mark of the inbox that the page shows,
	Inbox      string // and that of the store's
}

// Reserve takes a place for a member's connection; ErrTooMany where they or their address
// have too many, ErrClosed where the hub is shutting down. Release gives it back.
func (h *Hub) Reserve(member Member) (*Seat, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	found := h.byPerson[member.Person.ID]
	if h.limits.PerAddress > 0 && h.byAddress[member.Address] >= h.limits.PerAddress ||
		h.limits.PerPerson > 0 && found != nil && found.seats >= h.limits.PerPerson {
		return nil, ErrTooMany
	}
	if found == nil {
		found = &viewer{}
		h.byPerson[member.Person.ID] = found
		h.bus.Follow(PersonChannel(member.Person.ID))
	}
	found.seats++
	h.byAddress[member.Address]++
	h.reserved++
	h.delivering.Add(1)
	return &Seat{hub: h, number: h.reserved, member: member}, nil
}

// Release gives the place back where there is nothing to serve.
func (s *Seat) Release() {
	h, person := s.hub, s.member.Person.ID
	h.mu.Lock()
	if h.byAddress[s.member.Address]--; h.byAddress[s.member.Address] == 0 {
		delete(h.byAddress, s.member.Address)
	}
	found := h.byPerson[person]
	if found.seats--; found.seats == 0 {
		delete(h.byPerson, person)
		h.bus.Forget(PersonChannel(person))
	}
	h.mu.Unlock()
	h.delivering.Done()
}

// Serve reads from the socket that was made of the seat's wire, and has what its page has yet to
// show written to it, until it closes; then it gives the seat back. It returns at once, so that
// what the handshake needed can go.
func (s *Seat) Serve(socket *websocket.Conn, place Place) {
	// What these are part of can go, too.
	place.InboxShown, place.Inbox = strings.Clone(place.InboxShown), strings.Clone(place.Inbox)
	go func() {
		defer s.Release()
		s.serve(socket, place)
	}()
}

func (s *Seat) serve(socket *websocket.Conn, place Place) {
	conn := &Conn{
		hub: s.hub, socket: socket, wire: s.wire, member: s.member, turn: s.number % pingTurns,
		cursor: place.After, shown: place.StateShown, mark: place.InboxShown,
	}
	if place.StateShown != place.State {
		conn.shown = unshown
	}
	conn.wire.unstuck = conn.wake
	if !s.hub.add(conn, s, place) {
		conn.sayGoodbye(statusRestart, "restart")
		return
	}
	defer s.hub.remove(conn)
	conn.wake()
	conn.read()
}
