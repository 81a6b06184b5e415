package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getBlock asks whether the viewer wants to block another user. If there is nothing to ask, it leads to the user's
// page.
func (s *Server) getBlock(c echo.Context, viewer *store.Session) error {
	other, _, err := s.named(c)
	if err != nil {
		return err
	}
	relation, err := s.store.RelationTo(c.Request().Context(), viewer.User, other)
	if err != nil {
		return err
	}
	if relation.Self || relation.Blocked {
		return c.Redirect(http.StatusSeeOther, backTo("", other))
	}
	return render(c, http.StatusOK, views.Block(s.page(c, viewer), other.Person, relation))
}
