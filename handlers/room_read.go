package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
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
	if reading.State > 0 {
		s.statesChanged(map[int64]int64{room: reading.State})
	}
	if reading.InboxChanged {
		s.inboxChanged(viewer.User.ID)
	}
	if values.Has("next") {
		return seeOther(c, localPath(values.Get("next")))
	}
	return c.NoContent(http.StatusNoContent)
}
