package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getViewerStylesheet answers with the CSS that marks the viewer's own messages and mentions, so that a
// message is the same bytes for all viewers. Its address carries the viewer's name, so that a browser
// caches one stylesheet for each viewer.
func (s *Server) getViewerStylesheet(c echo.Context, viewer *store.Session) error {
	relations, err := s.store.Relations(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=86400")
	stylesheet := views.ViewerStylesheet(viewer.User.Username, relations)
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(stylesheet))
}
