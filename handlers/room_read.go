package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// postRead records how far the viewer has read a room. If the form has next, the answer leads there.
func (s *Server) postRead(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	room, err := roomParam(c)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(values.Get("seq"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	ctx := c.Request().Context()
	if err := s.limits.reading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	reading, err := s.store.ReadRoom(ctx, viewer.User, room, seq)
	if err != nil {
		return err
	}
	s.readingChanged(viewer, room, reading)
	if values.Has("next") {
		return seeOther(c, localPath(values.Get("next")))
	}
	return c.NoContent(http.StatusNoContent)
}

// postUnread makes a message and all after it unread for the viewer.
func (s *Server) postUnread(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.reading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	reading, err := s.store.MarkUnread(ctx, viewer.User, room, seq)
	if err != nil {
		return err
	}
	s.readingChanged(viewer, room, reading)
	if isFragmentRequest(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, views.RoomPath(room))
}

// readingChanged shows what a viewer has read on the viewer's other pages, and to the other members of the room.
func (s *Server) readingChanged(viewer *store.Session, room int64, reading store.Reading) {
	if reading.State > 0 {
		s.statesChanged(map[int64]int64{room: reading.State})
	}
	if reading.InboxChanged {
		s.inboxChanged(viewer.User.ID)
	}
}
