package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// savedPage is how many messages a page of saved messages shows.
const savedPage = 30

// getSaved lists the messages that the viewer has saved.
func (s *Server) getSaved(c echo.Context, viewer *store.Session) error {
	before, err := pointIn(c.QueryParam("before"))
	if err != nil {
		return err
	}
	after := before
	if before == (store.Point{}) {
		after = store.NewestPoint()
	}
	found, more, err := s.store.SavedMessages(c.Request().Context(), viewer.User, after, savedPage)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SavedPage(s.page(c, viewer), views.Saved{Messages: found, Before: before, More: more}))
}

// postSave saves a message for the viewer.
func (s *Server) postSave(c echo.Context, viewer *store.Session) error {
	return s.changeList(c, viewer, s.store.SaveMessage, savedPath)
}

// postUnsave removes a message from those that the viewer has saved.
func (s *Server) postUnsave(c echo.Context, viewer *store.Session) error {
	return s.changeList(c, viewer, s.store.UnsaveMessage, savedPath)
}

func savedPath(int64) string { return "/saved" }

// changeList adds a message to a list, or removes it from there. The list is at a path, which depends on the room.
func (s *Server) changeList(
	c echo.Context, viewer *store.Session,
	change func(ctx context.Context, viewer store.User, room, seq int64) error, path func(room int64) string,
) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.changing.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if err := change(ctx, viewer.User, room, seq); err != nil {
		return err
	}
	if isFragmentRequest(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, path(room))
}
