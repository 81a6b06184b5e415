package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getViewerStylesheet sets off a viewer's own messages and those that mention them: by
// CSS, so that the messages themselves are the same bytes for all. Its address carries the
// viewer's name, so that a browser keeps one for each.
func (s *Server) getViewerStylesheet(c echo.Context, viewer *store.Session) error {
	relations, err := s.store.Relations(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=86400")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(views.ViewerStylesheet(viewer.User.Username, relations)))
}
