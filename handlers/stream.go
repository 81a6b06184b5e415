package handlers

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"plaza/handlers/limit"
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// getStream opens a live connection. Before the handshake it refuses visitors, pages of other sites, and
// viewers with too many connections.
func (s *Server) getStream(c echo.Context) error {
	r := c.Request()
	if !s.isOwnOrigin(r) {
		s.logOrigin(r)
		return echo.NewHTTPError(http.StatusForbidden)
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	if viewer == nil {
		return c.String(http.StatusUnauthorized, views.StatusSentence(http.StatusUnauthorized))
	}
	if err := s.limits.connecting.Allow(c.Request().Context(), accountKey(viewer)); err != nil {
		return err
	}
	if isOfAnother(viewer.User.ID, c.QueryParam("account")) {
		return endStream(c)
	}
	reservation, err := s.hub.Reserve(live.Member{
		Person:   personOf(store.Visitor{Person: viewer.User.Person, Hidden: viewer.User.SeenHidden}),
		Session:  live.SessionKey(viewer.Hash),
		Networks: networksOf(c.RealIP()),
	})
	switch {
	case errors.Is(err, live.ErrTooMany):
		return &limit.TooMany{Wait: crowdedWait}
	case err != nil:
		return &store.Error{Kind: store.Unavailable, Code: store.CodeRestarting, Err: err}
	}
	place, err := s.place(c, viewer)
	if err != nil {
		reservation.Release()
		return err
	}
	// isOwnOrigin has checked the origin more strictly than Accept would.
	options := &websocket.AcceptOptions{InsecureSkipVerify: true}
	socket, err := websocket.Accept(reserved{c.Response(), reservation}, r, options)
	if err != nil {
		reservation.Release()
		return nil //nolint:nilerr // Accept has answered
	}
	reservation.Serve(socket, place)
	return nil
}

// networksOf returns the networks that a connection counts in.
func networksOf(address string) []live.Network {
	var networks []live.Network
	for _, network := range limit.Networks(address) {
		networks = append(networks, live.Network(network))
	}
	return networks
}

// endStream tells a page that its session has ended. A browser tells scripts the code of a close, and not why
// a handshake was refused.
func endStream(c echo.Context) error {
	socket, err := websocket.Accept(c.Response(), c.Request(), &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err == nil {
		_ = socket.Close(websocket.StatusPolicyViolation, "")
	}
	return nil // Accept has answered
}

// reserved is a response that turns its connection into the wire of a reservation when the websocket
// library hijacks it.
type reserved struct {
	*echo.Response
	reservation *live.Reservation
}

// Hijack implements http.Hijacker.
func (s reserved) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := s.Response.Hijack()
	if err != nil {
		return nil, nil, err
	}
	return s.reservation.Wire(conn, buffered)
}

// crowdedWait is how long a browser waits if its account or address has too many connections.
const crowdedWait = 30 * time.Second

// cursorOf parses a cursor. A reader that names no epoch has seen the history that the room has. If the cursor is
// malformed, the reader has seen nothing.
func cursorOf(version, epoch string) live.Cursor {
	var cursor live.Cursor
	var err error
	if cursor.Version, err = strconv.ParseInt(version, 10, 64); err == nil && epoch != "" {
		cursor.Epoch, err = strconv.ParseInt(epoch, 10, 64)
	}
	if err != nil || cursor.Version < 0 {
		return live.Cursor{Version: live.Nowhere}
	}
	return cursor
}

// place reads from the query which room the page shows, and how much of it. If the cursor is malformed,
// the reader gets the newest page. If the query lacks an inbox or a state, the page gets only later ones.
func (s *Server) place(c echo.Context, viewer *store.Session) (live.Place, error) {
	place := live.Place{Inbox: viewer.Inbox.Mark(), InboxShown: c.QueryParam("inbox")}
	if place.InboxShown == "" {
		place.InboxShown = place.Inbox
	}
	if c.QueryParam("room") == "" {
		return place, nil
	}
	var err error
	if place.Room.ID, err = strconv.ParseInt(c.QueryParam("room"), 10, 64); err != nil {
		return live.Place{}, echo.NewHTTPError(http.StatusNotFound)
	}
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, place.Room.ID)
	if err != nil {
		return live.Place{}, err
	}
	place.Room = liveRoom(room)
	place.After = cursorOf(c.QueryParam("after"), c.QueryParam("epoch"))
	place.State = room.State
	if place.StateShown, err = strconv.ParseInt(c.QueryParam("state"), 10, 64); err != nil {
		place.StateShown = room.State
	}
	return place, nil
}
