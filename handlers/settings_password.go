package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getPasswordSettings(c echo.Context, viewer *store.Session) error {
	return s.showPasswordSettings(c, viewer, http.StatusOK, views.PasswordForm{Submission: savedSubmission(c)})
}

// postPasswordSettings changes the password and signs out every other browser.
func (s *Server) postPasswordSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	password := values.Get("password")
	err = store.JoinInvalid(
		s.askPassword(c, viewer, "current_password", values.Get("current_password")),
		store.CheckPassword(viewer.User, password),
		checkConfirmed(values),
	)
	if err == nil {
		err = s.store.ChangePassword(c.Request().Context(), *viewer, password)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			return s.showPasswordSettings(c, viewer, status, views.PasswordForm{Submission: submission(err, "current_password")})
		})
	}
	s.inboxChanged(viewer.User.ID)
	s.bus.Events()
	return saved(c, "/settings/password")
}

func (s *Server) showPasswordSettings(
	c echo.Context, viewer *store.Session, status int, form views.PasswordForm,
) error {
	form.Username = viewer.User.Username
	return respond(c, status, views.PasswordSettings(s.page(c, viewer), form), views.PasswordSettingsFragment(form))
}

// askPassword checks the viewer's current password, which a form has in field. The limits of signing in
// apply.
func (s *Server) askPassword(c echo.Context, viewer *store.Session, field, password string) error {
	_, err := s.authenticate(c, viewer.User.Username, password)
	if store.KindOf(err) == store.Invalid {
		return store.InvalidField(field, store.CodePasswordWrong)
	}
	return err
}
