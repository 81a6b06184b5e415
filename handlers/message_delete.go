package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// postDelete deletes a message of the viewer, and offers to undo that.
func (s *Server) postDelete(c echo.Context, viewer *store.Session) error {
	room, seq, err := s.changeOwn(c, viewer, s.store.DeleteMessage)
	if err != nil {
		return err
	}
	found, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, room)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.DeletedPage(s.page(c, viewer), found.RoomSummary, seq), views.Deleted(room, seq))
}

// postRestore undoes the deletion of a message.
func (s *Server) postRestore(c echo.Context, viewer *store.Session) error {
	room, seq, err := s.changeOwn(c, viewer, s.store.RestoreMessage)
	if err != nil {
		return err
	}
	return answerChange(c, room, seq)
}

// changeOwn makes a change of a message that the path names, and publishes it.
func (s *Server) changeOwn(
	c echo.Context, viewer *store.Session,
	change func(ctx context.Context, user, room, seq int64) (store.Changed, error),
) (room, seq int64, err error) {
	if room, seq, err = messageParams(c); err != nil {
		return 0, 0, err
	}
	ctx := c.Request().Context()
	if err := s.limits.posting.Allow(ctx, accountKey(viewer)); err != nil {
		return 0, 0, err
	}
	// A committed change must be published, even if the viewer has hung up.
	changed, err := change(context.WithoutCancel(ctx), viewer.User.ID, room, seq)
	if err != nil {
		return 0, 0, err
	}
	return room, seq, s.publishChanged(changed)
}

// eraseInterval is how often the server looks for deleted messages whose text must go.
const eraseInterval = time.Second

// eraseDeleted removes the texts of deleted messages for good, soon after they can no longer be restored, until ctx ends.
func (s *Server) eraseDeleted(ctx context.Context) {
	live.Every(ctx, eraseInterval, nil, func() {
		erased, err := s.store.EraseDeleted(ctx)
		if erased > 0 {
			err = s.store.Forget(ctx)
		}
		if err != nil {
			s.logTrouble(ctx, "erase deleted messages", err)
		}
	})
}
