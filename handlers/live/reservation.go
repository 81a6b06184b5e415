package live

import (
	"errors"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// Reservation is a place for a connection. It is made before the handshake, so that limits hold, and
// so that the connection misses nothing that happens during the handshake.
type Reservation struct {
	hub    *Hub
	number uint64 // how many were made until this one
	member Member
	wire   *wire
	ended  bool // whether its session ended during the handshake; the hub's mu guards it
}

// Place says what a connection's page shows. What the store has must be read after the reservation
// was made.
type Place struct {
	Room       Room   // its ID is 0 if the page shows no room
	After      Cursor // how much of the room the page shows
	StateShown int64  // the number of the room's state that the page shows
	State      int64  // the number of the state that the store has
	InboxShown string // the mark of the inbox that the page shows
	Inbox      string // the mark of the inbox that the store has
}

// Reserve makes a reservation for a member's connection. It fails with ErrTooMany if the member or
// one of their networks has too many, and with ErrClosed if the hub is shutting down. Serve or Release gives
// the place back.
func (h *Hub) Reserve(member Member) (*Reservation, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	found := h.byPerson[member.Person.ID]
	if h.limits.PerAddress > 0 && slices.ContainsFunc(member.Networks, h.isFull) ||
		h.limits.PerPerson > 0 && found != nil && found.reservations >= h.limits.PerPerson {
		return nil, ErrTooMany
	}
	if found == nil {
		found = &viewer{}
		h.byPerson[member.Person.ID] = found
		h.bus.Follow(PersonChannel(member.Person.ID))
	}
	found.reservations++
	for _, network := range member.Networks {
		h.byNetwork[network.Key]++
	}
	h.reserved++
	h.delivering.Add(1)
	made := &Reservation{hub: h, number: h.reserved, member: member}
	h.shaking[made] = struct{}{}
	return made, nil
}

// isFull tells whether a network has as many connections as it may have.
func (h *Hub) isFull(network Network) bool {
	return h.byNetwork[network.Key] >= h.limits.PerAddress*network.Addresses
}

// Release gives the place back. It is for a handshake that failed.
func (s *Reservation) Release() {
	h, person := s.hub, s.member.Person.ID
	h.mu.Lock()
	delete(h.shaking, s)
	for _, network := range s.member.Networks {
		if h.byNetwork[network.Key]--; h.byNetwork[network.Key] == 0 {
			delete(h.byNetwork, network.Key)
		}
	}
	found := h.byPerson[person]
	if found.reservations--; found.reservations == 0 {
		delete(h.byPerson, person)
		h.bus.Forget(PersonChannel(person))
	}
	h.mu.Unlock()
	h.delivering.Done()
}

// Serve serves the socket that was made of the reservation's wire until it closes, and then gives the
// place back. It returns at once, so that the memory of the handshake is free.
func (s *Reservation) Serve(socket *websocket.Conn, place Place) {
	// Without a copy, these would keep the whole request in memory.
	place.InboxShown, place.Inbox = strings.Clone(place.InboxShown), strings.Clone(place.Inbox)
	go func() {
		defer s.Release()
		s.serve(socket, place)
	}()
}

func (s *Reservation) serve(socket *websocket.Conn, place Place) {
	conn := &Conn{
		hub: s.hub, socket: socket, wire: s.wire, member: s.member, turn: s.number % pingTurns,
		cursor: place.After, shown: place.StateShown, mark: place.InboxShown,
	}
	if place.StateShown != place.State {
		conn.shown = unshown
	}
	conn.wire.unstuck = conn.wake
	err := s.hub.add(conn, s, place)
	switch {
	case errors.Is(err, ErrClosed):
		conn.sayGoodbye(statusRestart, "restart")
		return
	case err != nil:
		conn.sayGoodbye(statusSessionEnded, sessionEnded)
		return
	}
	defer s.hub.remove(conn)
	conn.wake()
	conn.read()
}
