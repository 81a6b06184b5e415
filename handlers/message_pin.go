package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getPins lists the pinned messages of a room.
func (s *Server) getPins(c echo.Context, viewer *store.Session) error {
	room, err := s.roomNamed(c, viewer)
	if err != nil {
		return err
	}
	pinned, err := s.store.Pins(c.Request().Context(), room.ID)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.PinsPage(s.page(c, viewer), room, pinned))
}

// postPin pins a message in its room.
func (s *Server) postPin(c echo.Context, viewer *store.Session) error {
	return s.changeList(c, viewer, s.store.PinMessage, views.PinsPath)
}

// postUnpin ends the pin of a message.
func (s *Server) postUnpin(c echo.Context, viewer *store.Session) error {
	return s.changeList(c, viewer, s.store.UnpinMessage, views.PinsPath)
}
