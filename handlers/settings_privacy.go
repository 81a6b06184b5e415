package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getPrivacySettings(c echo.Context, viewer *store.Session) error {
	chosen, err := s.store.PrivacyOf(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	form := views.PrivacyForm{Privacy: chosen}
	return s.showPrivacySettings(c, viewer, http.StatusOK, form)
}

func (s *Server) postPrivacySettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.PrivacyForm{Privacy: store.Privacy{
		From: store.Writers(values.Get("private_from")), Receipts: values.Has("receipts"),
	}}
	ctx := c.Request().Context()
	err = s.limits.changing.Allow(ctx, accountKey(viewer))
	var states map[int64]int64
	if err == nil {
		states, err = s.store.ChangePrivacy(ctx, viewer.User, form.Privacy)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showPrivacySettings(c, viewer, status, form)
		})
	}
	s.statesChanged(states)
	return s.saved(c, "/settings/private")
}

func (s *Server) showPrivacySettings(c echo.Context, viewer *store.Session, status int, form views.PrivacyForm) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.PrivacySettings(page, form), views.PrivacySettingsFragment(form))
}
