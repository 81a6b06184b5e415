package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getPrivate shows the conversation with another user, or why there is none.
func (s *Server) getPrivate(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	other, moved, err := s.named(c)
	if store.KindOf(err) == store.NotFound && usernameParam(c) == "new" {
		return redirectNewGroup(c)
	}
	if err != nil {
		return err
	}
	if moved {
		return c.Redirect(http.StatusFound, views.PrivatePath(other.Person))
	}
	room, err := s.store.PrivateRoom(ctx, viewer.User, other)
	if err != nil {
		return err
	}
	if room.ID == 0 && room.Access.Write {
		// Opening a room changes nothing that others can see, but it takes a row, so it is limited.
		if err := s.limits.relating.Allow(ctx, accountKey(viewer)); err != nil {
			return err
		}
		if room, err = s.store.OpenPrivateRoom(ctx, viewer.User, other); err != nil {
			return err
		}
	}
	if room.ID == 0 {
		relation, err := s.store.RelationTo(ctx, viewer.User, other)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.NoConversation(s.page(c, viewer), other.Person, relation, room.Closed))
	}
	return s.showPart(c, viewer, room)
}
