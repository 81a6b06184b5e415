package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getPasswordSettings(c echo.Context, viewer *store.Session) error {
	return s.showPasswordSettings(c, viewer, http.StatusOK, views.PasswordForm{})
}

// postPasswordSettings changes the password and signs out every other browser.
func (s *Server) postPasswordSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	password := values.Get("password")
	user, err := s.askPassword(c, viewer, values.Get("current_password"))
	err = store.JoinInvalid(
		wrongPassword(err, "current_password"),
		store.CheckPassword(viewer.User, password),
		checkConfirmed(values),
	)
	if err == nil {
		err = s.store.ChangePassword(c.Request().Context(), user, viewer.Hash, password)
		err = wrongPassword(err, "current_password")
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			return s.showPasswordSettings(c, viewer, status, views.PasswordForm{Submission: submission(err, "current_password")})
		})
	}
	s.inboxChanged(viewer.User.ID)
	s.bus.Events()
	return s.saved(c, "/settings/password")
}

func (s *Server) showPasswordSettings(
	c echo.Context, viewer *store.Session, status int, form views.PasswordForm,
) error {
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.PasswordSettings(page, form), views.PasswordSettingsFragment(form))
}

// askPassword returns the viewer's account if the password is its current one. Pass that account, and no
// other value of it, to what the password allows. The limits of signing in apply.
func (s *Server) askPassword(c echo.Context, viewer *store.Session, password string) (store.User, error) {
	user, err := s.authenticate(c, viewer.User.Username, password)
	if err == nil && user.ID != viewer.User.ID { // the viewer's name has changed meanwhile
		err = store.ErrCredentials
	}
	return user, err
}

// wrongPassword returns the error of the field with the viewer's password if err says that the password is
// wrong, and err otherwise.
func wrongPassword(err error, field string) error {
	if errors.Is(err, store.ErrCredentials) {
		return store.InvalidField(field, store.CodePasswordWrong)
	}
	return err
}
