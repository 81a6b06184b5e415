package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getCard answers with the card of a user, which a script shows beside a link to the user's page.
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
