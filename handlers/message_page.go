package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// showOlder shows the messages before a seq on a page of their own, for browsers without JavaScript.
func (s *Server) showOlder(c echo.Context, viewer *store.Session, room store.Room, before int64) error {
	log, err := s.olderMessages(c, room, before)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Older(s.page(c, viewer), views.Room{Room: room, Log: log}))
}

// olderMessages renders the messages of a room before a seq. It shows none that is later than the
// version of room, since the viewer may have left after it.
func (s *Server) olderMessages(c echo.Context, room store.Room, before int64) ([]byte, error) {
	messages, older, err := s.store.MessagesBefore(c.Request().Context(), room.ID, min(before, room.Version+1), pageLength)
	if err != nil {
		return nil, err
	}
	return renderMessages(messages, older, room.ID)
}

// renderMessages renders consecutive messages, with a link to older messages if there are any.
func renderMessages(messages []store.Message, older bool, room int64) ([]byte, error) {
	var before int64
	if older {
		before = messages[0].Seq
	}
	return toBytes(views.Messages(messages, before, room))
}

// getMessages answers with the messages before a seq.
func (s *Server) getMessages(c echo.Context, viewer *store.Session) error {
	room, err := strconv.ParseInt(c.QueryParam("room"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	found, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, room)
	if err != nil {
		return err
	}
	log, err := s.olderMessages(c, found, before)
	if err != nil {
		return err
	}
	return sendHTML(c, http.StatusOK, log, live.Page{})
}
