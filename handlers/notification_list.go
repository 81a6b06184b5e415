package handlers

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// notificationsPage is how many notifications a page shows.
const notificationsPage = 50

// getNotifications lists the viewer's notifications.
func (s *Server) getNotifications(c echo.Context, viewer *store.Session) error {
	before, err := pointIn(c.QueryParam("before"))
	if err != nil {
		return err
	}
	list, err := s.notifications(c, viewer, before)
	if err != nil {
		return err
	}
	return s.showNotifications(c, viewer, list)
}

// notifications returns a page of the viewer's notifications that are older than a point. The zero
// Point stands for the newest page.
func (s *Server) notifications(c echo.Context, viewer *store.Session, before store.Point) (views.NotificationsPage, error) {
	after := before
	if before == (store.Point{}) {
		after = store.NewestPoint()
	}
	ctx := c.Request().Context()
	found, more, err := s.store.Notifications(ctx, viewer.User, after, notificationsPage)
	if err != nil {
		return views.NotificationsPage{}, err
	}
	var requests []store.Request
	if slices.ContainsFunc(found, func(n store.Notification) bool { return n.Kind == store.FriendRequest }) {
		if requests, err = s.store.ReceivedRequests(ctx, viewer.User); err != nil {
			return views.NotificationsPage{}, err
		}
	}
	for i, n := range found {
		if n.Kind == store.SignedInAnew {
			found[i].Browser = browserInWords(n.Browser)
		}
	}
	return views.NotificationsPage{
		Notifications: found, Requests: requests, Now: time.Now().In(zone(c.Request())),
		Unread: viewer.Inbox.Notifications, Before: before, More: more,
	}, nil
}

// notificationsNow is notifications after the viewer has changed the inbox.
func (s *Server) notificationsNow(c echo.Context, viewer *store.Session, before store.Point) (views.NotificationsPage, error) {
	inboxes, err := s.store.Inboxes(c.Request().Context(), []int64{viewer.User.ID})
	if err != nil {
		return views.NotificationsPage{}, err
	}
	viewer.Inbox = inboxes[viewer.User.ID]
	return s.notifications(c, viewer, before)
}

func (s *Server) showNotifications(c echo.Context, viewer *store.Session, list views.NotificationsPage) error {
	return respond(c, http.StatusOK, views.Notifications(s.page(c, viewer), list), views.NotificationList(list))
}
