package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// notificationsPage is how many notifications a page shows.
const notificationsPage = 50

// getNotifications lists what the viewer was told.
func (s *Server) getNotifications(c echo.Context, viewer *store.Session) error {
	before, err := idIn(c.QueryParam("before"))
	if err != nil {
		return err
	}
	list, err := s.notifications(c, viewer, before)
	if err != nil {
		return err
	}
	return s.showNotifications(c, viewer, list)
}

// postNotificationsRead marks one as read, or where none is named, all. The button for that is gone
// by it: the keyboard goes on from the one, or the first.
func (s *Server) postNotificationsRead(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	before, err := idIn(values.Get("before"))
	if err != nil {
		return err
	}
	id, err := idIn(values.Get("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if values.Get("id") == "" {
		err = s.store.ReadNotifications(ctx, viewer.User)
	} else {
		err = s.store.ReadNotification(ctx, viewer.User, id)
	}
	if err != nil {
		return err
	}
	s.concern(viewer.User.ID)
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

// idIn reads an id; 0 where none is given.
func idIn(value string) (int64, error) {
	if value == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return id, nil
}

// notifications are those of a viewer that come after the one with an id.
func (s *Server) notifications(c echo.Context, viewer *store.Session, before int64) (views.NotificationsPage, error) {
	found, more, err := s.store.Notifications(c.Request().Context(), viewer.User, before, notificationsPage)
	for i, n := range found {
		if n.Kind == store.SignedInAnew {
			found[i].Browser = browserInWords(n.Browser)
		}
	}
	return views.NotificationsPage{Notifications: found, Unread: viewer.Inbox.Notifications, Before: before, More: more}, err
}

func (s *Server) showNotifications(c echo.Context, viewer *store.Session, list views.NotificationsPage) error {
	return respond(c, http.StatusOK, views.Notifications(s.page(c, "Notifications", viewer), list), views.NotificationList(list))
}

func (s *Server) getNotificationSettings(c echo.Context, viewer *store.Session) error {
	muted, err := s.store.MutedKinds(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	form := views.NotificationsForm{Wanted: map[store.NotificationKind]bool{}, Submission: savedSubmission(c)}
	for _, kind := range store.ChosenKinds() {
		form.Wanted[kind] = true
	}
	for _, kind := range muted {
		form.Wanted[kind] = false
	}
	return s.showNotificationSettings(c, viewer, http.StatusOK, form)
}

func (s *Server) postNotificationSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.NotificationsForm{Wanted: map[store.NotificationKind]bool{}}
	var wanted []store.NotificationKind
	for _, value := range values["kind"] {
		kind := store.NotificationKind(value)
		form.Wanted[kind] = true
		wanted = append(wanted, kind)
	}
	if err := s.store.ChooseKinds(c.Request().Context(), viewer.User, wanted); err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showNotificationSettings(c, viewer, status, form)
		})
	}
	return saved(c, "/settings/notifications")
}

func (s *Server) showNotificationSettings(c echo.Context, viewer *store.Session, status int, form views.NotificationsForm) error {
	return respond(c, status, views.NotificationSettings(s.page(c, "Notification settings", viewer), form), views.NotificationSettingsFragment(form))
}
