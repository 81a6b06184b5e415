package handlers

import (
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// postNotificationsRead marks one notification as read, or all if the form names none. The pressed button
// disappears, so the keyboard focus moves to the notification, or to the first one.
func (s *Server) postNotificationsRead(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	before, err := pointIn(values.Get("before"))
	if err != nil {
		return err
	}
	id, err := idIn(values.Get("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.reading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if values.Get("id") == "" {
		err = s.store.ReadNotifications(ctx, viewer.User)
	} else {
		err = s.store.ReadNotification(ctx, viewer.User, id)
	}
	if err != nil {
		return err
	}
	s.inboxChanged(viewer.User.ID)
	if !isFragmentRequest(c.Request()) {
		return seeOther(c, views.NotificationsPath(before))
	}
	inboxes, err := s.store.Inboxes(ctx, []int64{viewer.User.ID})
	if err != nil {
		return err
	}
	viewer.Inbox = inboxes[viewer.User.ID]
	list, err := s.notifications(c, viewer, before)
	if err != nil {
		return err
	}
	if list.Focused = id; id == 0 && len(list.Notifications) > 0 {
		list.Focused = list.Notifications[0].ID
	}
	return s.showNotifications(c, viewer, list)
}
