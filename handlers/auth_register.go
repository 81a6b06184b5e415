package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"

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
	form := views.RegisterForm{Username: values.Get("username"), Email: values.Get("email")}
	user, err := s.register(c, values)
	if err != nil {
		if s.repeats(c, form, err) {
			return seeOther(c, "/")
		}
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			form.Error = cmp.Or(form.Error, views.MendFields())
			return s.showRegister(c, status, form)
		})
	}
	if s.sendsMail() {
		s.sendFirstLink(c.Request().Context(), user)
	}
	chosen := theme(c.Request())
	if err := s.store.ChangeTheme(c.Request().Context(), user, chosen); err != nil {
		return err
	}
	if err := s.signIn(c, user); err != nil {
		return err
	}
	return seeOther(c, "/")
}

// repeats tells whether a form is refused because the first click has made its account, which the browser is signed in
// to: only the names are wrong, since they are taken.
func (s *Server) repeats(c echo.Context, form views.RegisterForm, err error) bool {
	refused := &store.Error{}
	if !errors.As(err, &refused) || len(refused.Fields) != 2 || refused.Fields["username"].Code != store.CodeUsernameTaken ||
		refused.Fields["email"].Code != store.CodeEmailRegistered {
		return false
	}
	session, err := s.session(c)
	if err != nil {
		return false
	}
	made, ok := session.Values[signedIn].(store.Session)
	return ok && strings.EqualFold(made.User.Username, strings.TrimSpace(form.Username)) &&
		strings.EqualFold(made.User.Email, strings.TrimSpace(form.Email))
}

// register creates the account that a form asks for. An Invalid error holds every mistake in the form.
func (s *Server) register(c echo.Context, values url.Values) (store.User, error) {
	ctx := c.Request().Context()
	if err := s.limits.registering.AllowAddress(ctx, c.RealIP()); err != nil {
		return store.User{}, err
	}
	asked := store.NewUser{Username: values.Get("username"), Email: values.Get("email"), Password: values.Get("password")}
	if err := checkConfirmed(values); err != nil {
		return store.User{}, store.JoinInvalid(err, s.store.CheckNewUser(ctx, asked))
	}
	return s.store.CreateUser(ctx, asked)
}

func (s *Server) showRegister(c echo.Context, status int, form views.RegisterForm) error {
	page := s.visitorPage(c)
	return respond(c, status, views.Register(page, form), views.RegisterFragment(form))
}
