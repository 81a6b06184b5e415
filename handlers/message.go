package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// messageParams returns the room and the seq of the message that a path names.
func messageParams(c echo.Context) (room, seq int64, err error) {
	if room, err = roomParam(c); err != nil {
		return 0, 0, err
	}
	if seq, err = strconv.ParseInt(c.Param("seq"), 10, 64); err != nil {
		return 0, 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return room, seq, nil
}

// getMessage shows a message, and what the viewer can do with it.
func (s *Server) getMessage(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	found, message, err := s.store.Message(c.Request().Context(), viewer.User.ID, room, seq)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.MessagePage(s.page(c, viewer), views.MessageShown{
		Room: found.RoomSummary, Message: message, Own: message.Author.ID == viewer.User.ID,
		Owner: viewer.User.Role == store.Owner,
	}))
}
