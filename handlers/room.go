package handlers

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
)

// getRoom shows a room that the viewer may read.
func (s *Server) getRoom(c echo.Context, viewer *store.Session) error {
	room, err := s.roomNamed(c, viewer)
	if err != nil {
		return err
	}
	return s.showPart(c, viewer, room)
}

// roomNamed returns the room that a path names, if the viewer may read it.
func (s *Server) roomNamed(c echo.Context, viewer *store.Session) (store.Room, error) {
	id, err := roomParam(c)
	if err != nil {
		return store.Room{}, err
	}
	return s.store.RoomFor(c.Request().Context(), viewer.User.ID, id)
}

// roomParam returns the id of the room that a path names.
func roomParam(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("room"), 10, 64)
	if err != nil {
		return 0, store.ErrNoRoom
	}
	return id, nil
}
