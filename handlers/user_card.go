package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getCard says in short who somebody is, for a script to show beside a link to their page.
func (s *Server) getCard(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	user, moved, err := s.named(c)
	if err != nil {
		return err
	}
	if moved {
		return follow(c, user, "/card")
	}
	person, err := s.person(ctx, viewer, user)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Card(person))
}
