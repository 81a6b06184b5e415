package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getProfileSettings(c echo.Context, viewer *store.Session) error {
	user := viewer.User
	return s.showProfileSettings(c, viewer, http.StatusOK, views.ProfileForm{
		DisplayName: user.DisplayName, About: user.About, SeenHidden: user.SeenHidden, Submission: savedSubmission(c),
	})
}

func (s *Server) postProfileSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.ProfileForm{
		DisplayName: values.Get("display_name"), About: unixLines(values.Get("about")), SeenHidden: values.Has("seen_hidden"),
	}
	ctx := c.Request().Context()
	err = s.limits.changing.Allow(ctx, accountKey(viewer))
	if err == nil {
		err = s.store.ChangeProfile(ctx, viewer.User, form.DisplayName, form.About, form.SeenHidden)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "display_name")
			return s.showProfileSettings(c, viewer, status, form)
		})
	}
	s.bus.Events()
	return saved(c, "/settings/profile")
}

func (s *Server) showProfileSettings(c echo.Context, viewer *store.Session, status int, form views.ProfileForm) error {
	return respond(c, status, views.ProfileSettings(s.page(c, viewer), form), views.ProfileSettingsFragment(form))
}
