package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getViewerStylesheet answers with the CSS that marks the viewer's own messages, reactions and mentions, so that a
// message is the same bytes for all viewers. A browser caches the stylesheet for one session only: it tells
// who the viewer's friends are, and whom the viewer has blocked.
func (s *Server) getViewerStylesheet(c echo.Context, viewer *store.Session) error {
	relations, err := s.store.Relations(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=86400")
	c.Response().Header().Add(echo.HeaderVary, "Cookie")
	stylesheet := views.ViewerStylesheet(viewer.User.Person, relations)
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(stylesheet))
}
