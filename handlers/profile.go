package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/views"
)

// getProfile shows an account's page.
func (s *Server) getProfile(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	user, err := s.store.UserByName(c.Request().Context(), usernameParam(c))
	if err != nil {
		return err
	}
	page := s.page(c, user.Name(), viewer)
	return render(c, http.StatusOK, views.Profile(page, user, s.hub.IsOnline(user.ID)))
}

// usernameParam is the name in the path, of which Echo leaves the escapes in place where
// the path has any.
func usernameParam(c echo.Context) string {
	name, err := url.PathUnescape(c.Param("username"))
	if err != nil {
		return c.Param("username")
	}
	return name
}
