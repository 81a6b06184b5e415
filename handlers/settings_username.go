package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getUsernameSettings(c echo.Context, viewer *store.Session) error {
	form := views.UsernameForm{Username: viewer.User.Username}
	return s.showUsernameSettings(c, viewer, http.StatusOK, form)
}

func (s *Server) postUsernameSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.UsernameForm{Username: values.Get("username")}
	if err := s.store.ChangeUsername(c.Request().Context(), viewer.User, form.Username); err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "username")
			return s.showUsernameSettings(c, viewer, status, form)
		})
	}
	s.mentions.forget()
	s.bus.Events()
	return s.saved(c, "/settings/username")
}

func (s *Server) showUsernameSettings(
	c echo.Context, viewer *store.Session, status int, form views.UsernameForm,
) error {
	var err error
	if form.Again, err = s.store.RenameAgainAt(c.Request().Context(), viewer.User); err != nil {
		return err
	}
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.UsernameSettings(page, form), views.UsernameSettingsFragment(form))
}
