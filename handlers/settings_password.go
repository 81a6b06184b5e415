package handlers

import (
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getPasswordSettings(c echo.Context, viewer *store.Session) error {
	return s.showPasswordSettings(c, viewer, http.StatusOK, views.PasswordForm{Saved: isSaved(c)})
}

// postPasswordSettings changes the password, and signs out every other browser.
func (s *Server) postPasswordSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.PasswordForm{Errors: map[string]string{}}
	again := func(status int) error { return s.showPasswordSettings(c, viewer, status, form) }
	password := values.Get("password")
	if password != values.Get("password_confirm") {
		form.Errors["password_confirm"] = "The two passwords differ: please type the same one twice."
		return again(http.StatusUnprocessableEntity)
	}
	if err := s.askPassword(c, viewer, values.Get("current_password")); err != nil {
		form.Errors["current_password"] = problemOf(err).Message
		return s.refuse(c, err, again)
	}
	if err := s.store.ChangePassword(c.Request().Context(), *viewer, password); err != nil {
		maps.Copy(form.Errors, fieldErrors(err))
		return s.refuse(c, err, again)
	}
	s.noteInboxChanged(viewer.User.ID)
	s.bus.Events()
	return saved(c, "/settings/password")
}

func (s *Server) showPasswordSettings(c echo.Context, viewer *store.Session, status int, form views.PasswordForm) error {
	return respond(c, status, views.PasswordSettings(s.page(c, "Password", viewer), form), views.PasswordSettingsFragment(form))
}

// askPassword checks the viewer's own password, with the limits that signing in has.
func (s *Server) askPassword(c echo.Context, viewer *store.Session, password string) error {
	_, err := s.authenticate(c, viewer.User.Username, password)
	if store.KindOf(err) == store.Invalid {
		return &store.Error{Kind: store.Invalid, Message: "This is not your password. Please type it again."}
	}
	return err
}
