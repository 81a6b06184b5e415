package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getNotificationSettings(c echo.Context, viewer *store.Session) error {
	muted, err := s.store.MutedKinds(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	settings, err := s.store.SettingsOf(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	form := views.NotificationsForm{Wanted: map[store.NotificationKind]bool{}, Announces: viewer.User.Announces, Digest: settings.Digest}
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
	form := views.NotificationsForm{Wanted: map[store.NotificationKind]bool{}, Announces: values.Has("announces"), Digest: store.DigestRate(values.Get("digest"))}
	var wanted []store.NotificationKind
	for _, value := range values["kind"] {
		kind := store.NotificationKind(value)
		form.Wanted[kind] = true
		wanted = append(wanted, kind)
	}
	ctx := c.Request().Context()
	err = s.limits.changing.Allow(ctx, accountKey(viewer))
	if err == nil {
		err = s.store.ChooseKinds(ctx, viewer.User, wanted)
	}
	if err == nil {
		err = s.store.ChangeAnnounces(ctx, viewer.User, form.Announces)
	}
	if err == nil && s.sendsMail() && values.Has("digest") {
		err = s.store.ChangeDigest(ctx, viewer.User, form.Digest)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showNotificationSettings(c, viewer, status, form)
		})
	}
	return s.saved(c, "/settings/notifications")
}

func (s *Server) showNotificationSettings(
	c echo.Context, viewer *store.Session, status int, form views.NotificationsForm,
) error {
	form.Mails = s.sendsMail()
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.NotificationSettings(page, form), views.NotificationSettingsFragment(form))
}
