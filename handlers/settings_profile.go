package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getProfileSettings(c echo.Context, viewer *store.Session) error {
	return s.showProfileSettings(c, viewer, http.StatusOK, profileForm(viewer.User))
}

// profileForm returns the form with what a user's profile has.
func profileForm(user store.User) views.ProfileForm {
	return views.ProfileForm{DisplayName: user.DisplayName, About: user.About, SeenHidden: user.SeenHidden}
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
	return s.saved(c, "/settings/profile")
}

func (s *Server) showProfileSettings(c echo.Context, viewer *store.Session, status int, form views.ProfileForm) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.ProfileSettings(page, form), views.ProfileSettingsFragment(form))
}
