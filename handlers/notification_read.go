package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// postNotificationsRead marks notifications as read, or all if the form names none. The pressed button
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
	ids, err := notificationIDs(values["id"])
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.reading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if len(ids) == 0 {
		err = s.store.ReadNotifications(ctx, viewer.User)
	} else {
		err = s.store.ReadNotification(ctx, viewer.User, ids...)
	}
	if err != nil {
		return err
	}
	s.inboxChanged(viewer.User.ID)
	if !isFragmentRequest(c.Request()) {
		return seeOther(c, views.NotificationsPath(before))
	}
	list, err := s.notificationsNow(c, viewer, before)
	if err != nil {
		return err
	}
	list.Answer = true
	if len(ids) > 0 {
		list.Focused = ids[0]
	}
	return s.showNotifications(c, viewer, list)
}

// getNotificationOpen leads to the cause of the first of some notifications. It marks none as read: the page whose
// link it is does that.
func (s *Server) getNotificationOpen(c echo.Context, viewer *store.Session) error {
	ids, err := openedIDs(c)
	if err != nil {
		return err
	}
	return s.leadToCause(c, viewer, ids[0])
}

// postNotificationOpen marks notifications as read, and leads to the cause of the first. Pages without scripts use it
// in place of the link.
func (s *Server) postNotificationOpen(c echo.Context, viewer *store.Session) error {
	ids, err := openedIDs(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.reading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if err := s.store.ReadNotification(ctx, viewer.User, ids...); err != nil {
		return err
	}
	s.inboxChanged(viewer.User.ID)
	return s.leadToCause(c, viewer, ids[0])
}

func (s *Server) leadToCause(c echo.Context, viewer *store.Session, id int64) error {
	notification, err := s.store.Notification(c.Request().Context(), viewer.User, id)
	if err != nil {
		return err
	}
	return seeOther(c, views.NotificationPath(notification))
}

// openedIDs parses the ids in the address that opens notifications. There is at least one.
func openedIDs(c echo.Context) ([]int64, error) {
	ids, err := notificationIDs(c.QueryParams()["id"])
	if err == nil && len(ids) == 0 {
		err = echo.NewHTTPError(http.StatusNotFound)
	}
	return ids, err
}

// notificationIDs parses the ids of notifications, as many as a page shows.
func notificationIDs(values []string) ([]int64, error) {
	if len(values) > notificationsPage {
		return nil, echo.NewHTTPError(http.StatusNotFound)
	}
	var ids []int64
	for _, value := range values {
		id, err := idIn(value)
		if err != nil {
			return nil, err
		}
		if id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
