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
		return s.showUnopened(c, viewer, http.StatusOK, room, newComposer(0))
	}
	if room.ID == 0 {
		relation, err := s.store.RelationTo(ctx, viewer.User, other)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.NoConversation(s.page(c, viewer), other.Person, relation))
	}
	return s.showPart(c, viewer, room)
}

// showUnopened shows the room of two people in which nobody has written. The first message opens it: a
// page changes nothing.
func (s *Server) showUnopened(
	c echo.Context, viewer *store.Session, status int, room store.Room, composer views.Composer,
) error {
	shown := views.Room{Room: room, Composer: composer, State: views.RoomState{Bare: true}}
	shown.Composer.Account, shown.Composer.Person = viewer.User.ID, room.Other.Username
	shown.Composer.To = views.Readers(room.RoomSummary)
	shown.Online = !room.Notebook && s.hub.IsOnline(room.Other.ID)
	return render(c, status, views.Chat(s.page(c, viewer), shown))
}

// showPair shows the room of the viewer and the composer's person, which may have been opened by now.
func (s *Server) showPair(c echo.Context, viewer *store.Session, status int, composer views.Composer) error {
	ctx := c.Request().Context()
	other, _, err := s.userNamed(ctx, composer.Person)
	if err != nil {
		return err
	}
	room, err := s.store.PrivateRoom(ctx, viewer.User, other)
	switch {
	case err != nil:
		return err
	case room.ID == 0:
		return s.showUnopened(c, viewer, status, room, composer)
	}
	composer.Room = room.ID
	return s.showChat(c, viewer, status, room, composer)
}

// openRoom returns the id of the room that the viewer shares with a person. It makes the room if there is
// none.
func (s *Server) openRoom(c echo.Context, username string) (int64, error) {
	viewer, err := s.viewer(c)
	if err != nil {
		return 0, err
	}
	if viewer == nil {
		return 0, store.ErrSignedOut
	}
	ctx := c.Request().Context()
	other, _, err := s.userNamed(ctx, username)
	if err != nil {
		return 0, err
	}
	if err := s.limits.relating.Allow(ctx, accountKey(viewer)); err != nil {
		return 0, err
	}
	room, err := s.store.OpenPrivateRoom(ctx, viewer.User, other)
	if err == nil && !room.Access.Write {
		err = &store.Error{
			Kind: store.Invalid, Code: store.CodeRoomClosed, Args: store.Args{Closed: room.Closed, Name: other.Name()},
		}
	}
	return room.ID, err
}
