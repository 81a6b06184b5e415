package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/views"
)

// getProfile shows an account's page: to members more than to visitors.
func (s *Server) getProfile(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	user, err := s.store.UserByName(c.Request().Context(), usernameParam(c))
	if err != nil {
		return err
	}
	person := views.Person{User: user}
	if viewer != nil {
		person.Own, person.Online = viewer.User.ID == user.ID, s.hub.IsOnline(user.ID)
		if person.About, err = s.markdown(c.Request().Context(), user.About); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, views.Profile(s.page(c, user.Name(), viewer), person))
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
