package handlers

import (
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getRegister(c echo.Context) error {
	return s.accountPage(c, func() error {
		return s.showRegister(c, http.StatusOK, views.RegisterForm{})
	})
}

func (s *Server) postRegister(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.RegisterForm{Username: values.Get("username"), Email: values.Get("email"), Errors: map[string]string{}}
	if err := s.limits.registering.allow(c.Request().Context(), addressKey(c.RealIP())); err != nil {
		form.Error = problemOf(err).Message
		return s.refuse(c, err, func(status int) error { return s.showRegister(c, status, form) })
	}
	password := values.Get("password")
	if password != values.Get("password_confirm") {
		form.Errors["password_confirm"] = "The two passwords differ: please type the same one twice."
		return s.showRegister(c, http.StatusUnprocessableEntity, form)
	}
	user, err := s.store.CreateUser(c.Request().Context(), store.NewUser{Username: form.Username, Email: form.Email, Password: password})
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Error = problemOf(err).Message
			maps.Copy(form.Errors, fieldErrors(err))
			return s.showRegister(c, status, form)
		})
	}
	chosen := theme(c.Request())
	if err := s.store.ChangeTheme(c.Request().Context(), user, chosen); err != nil {
		return err
	}
	user.Theme = chosen
	return s.welcomeIn(c, user, "/")
}

func (s *Server) showRegister(c echo.Context, status int, form views.RegisterForm) error {
	page := s.visitorPage(c, "Create account")
	return respond(c, status, views.Register(page, form), views.RegisterFragment(form))
}
