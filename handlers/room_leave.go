package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) postLeave(c echo.Context, viewer *store.Session) error {
	err := s.inGroup(s.leave)(c, viewer)
	if store.KindOf(err) != store.NotFound {
		return err
	}
	// Without scripts a browser shows the answer to the second of two clicks.
	room, malformed := roomParam(c)
	if malformed != nil {
		return malformed
	}
	left, failed := s.store.HasJustLeft(c.Request().Context(), viewer.User, room)
	switch {
	case failed != nil:
		return failed
	case !left:
		return err
	}
	return seeOther(c, "/dm")
}

func (s *Server) leave(c echo.Context, viewer *store.Session, group store.Room) error {
	entry, err := s.store.LeaveGroup(c.Request().Context(), viewer.User, group.ID)
	if err != nil {
		return err
	}
	if err := s.publish(entry); err != nil {
		return err
	}
	s.inboxChanged(viewer.User.ID)
	s.finishDeletions(c.Request().Context())
	return seeOther(c, "/dm")
}

// getLeaveGroups asks whether the viewer wants to leave all groups.
func (s *Server) getLeaveGroups(c echo.Context, viewer *store.Session) error {
	groups, err := s.store.CountGroups(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.LeaveGroups(s.page(c, viewer), groups))
}

// postLeaveGroups leaves all groups. It goes on if the viewer hangs up.
func (s *Server) postLeaveGroups(c echo.Context, viewer *store.Session) error {
	ctx := context.WithoutCancel(c.Request().Context())
	if err := s.limits.relating.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	err := s.store.LeaveGroups(ctx, viewer.User, func(entries []store.Message) error { return s.publish(entries...) })
	s.inboxChanged(viewer.User.ID)
	s.finishDeletions(ctx)
	if err != nil {
		return err
	}
	return seeOther(c, "/dm")
}
