package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSetup shows the form for the owner's account to whoever opens the address that plaza has printed.
func (s *Server) getSetup(c echo.Context) error {
	return s.accountPage(c, func() error {
		form := views.SetupForm{Token: c.QueryParam("token")}
		if err := s.store.CheckAdmission(c.Request().Context(), s.setupAdmission(c, form.Token)); err != nil {
			return s.showUnregistrable(c, err, form.RegisterForm)
		}
		return s.showSetup(c, http.StatusOK, form)
	})
}

func (s *Server) postSetup(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.SetupForm{
		RegisterForm: views.RegisterForm{Username: values.Get("username"), Email: values.Get("email")}, Token: values.Get("token"),
	}
	user, err := s.register(c, values, s.setupAdmission(c, form.Token))
	if err != nil {
		if s.repeats(c, form.RegisterForm, err) {
			return seeOther(c, "/")
		}
		return s.refuse(c, err, func(status int) error {
			form.Submission = registerSubmission(err)
			if isAdmission(err) {
				return s.showUnregistrable(c, err, form.RegisterForm)
			}
			return s.showSetup(c, status, form)
		})
	}
	return s.welcome(c, user, "/")
}

// setupAdmission returns what the client of a request shows to become the owner. Without a token it is at best on this
// machine.
func (s *Server) setupAdmission(c echo.Context, token string) store.Admission {
	shown := s.admission(c)
	shown.Setup, shown.ToOwn = token, true
	return shown
}

func (s *Server) showSetup(c echo.Context, status int, form views.SetupForm) error {
	return respond(c, status, views.Setup(s.visitorPage(c), form), views.SetupFragment(form))
}
