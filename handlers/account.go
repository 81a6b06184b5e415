package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getRegister(c echo.Context) error {
	return s.accountPage(c, func() error {
		return s.showRegister(c, http.StatusOK, views.RegisterForm{})
	})
}

// errPasswordsDiffer stands beside the field where a new password is typed again.
var errPasswordsDiffer = &store.Error{Kind: store.Invalid, Message: "The two passwords differ: please type the same one twice."}

func (s *Server) postRegister(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.RegisterForm{Username: values.Get("username"), Email: values.Get("email")}
	refused := func(err error, field string) error {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, field)
			return s.showRegister(c, status, form)
		})
	}
	if err := s.limits.registering.allow(c.Request().Context(), addressKey(c.RealIP())); err != nil {
		return refused(err, "")
	}
	password := values.Get("password")
	if password != values.Get("password_confirm") {
		return refused(errPasswordsDiffer, "password_confirm")
	}
	user, err := s.store.CreateUser(c.Request().Context(), store.NewUser{Username: form.Username, Email: form.Email, Password: password})
	if err != nil {
		return refused(err, "")
	}
	chosen := theme(c.Request())
	if err := s.store.ChangeTheme(c.Request().Context(), user, chosen); err != nil {
		return err
	}
	user.Theme = chosen
	return s.welcomeIn(c, user, "/")
}

func (s *Server) getLogin(c echo.Context) error {
	return s.accountPage(c, func() error {
		return s.showLogin(c, http.StatusOK, views.LoginForm{Next: localPath(c.QueryParam("next"))})
	})
}

func (s *Server) postLogin(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.LoginForm{Login: strings.TrimSpace(values.Get("login")), Next: localPath(values.Get("next"))}
	user, err := s.authenticate(c, form.Login, values.Get("password"))
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showLogin(c, status, form)
		})
	}
	return s.welcomeIn(c, user, form.Next)
}

// authenticate checks a password, unless too many were wrong.
func (s *Server) authenticate(c echo.Context, login, password string) (store.User, error) {
	ctx, address, account := c.Request().Context(), addressKey(c.RealIP()), store.LoginKey(login)
	if err := s.limits.signingIn.allow(ctx, address); err != nil {
		return store.User{}, err
	}
	late, err := s.limits.failures.check(ctx, account, address)
	if err != nil {
		return store.User{}, err
	}
	select {
	case <-time.After(late):
	case <-ctx.Done():
		return store.User{}, ctx.Err()
	}
	user, err := s.store.Authenticate(ctx, login, password)
	if err != nil && store.KindOf(err) != store.Invalid {
		return store.User{}, err
	}
	// Noted also for those who do not wait for the answer. What cannot be noted is not answered:
	// guessing would be free.
	if noting := s.limits.failures.note(context.WithoutCancel(ctx), account, address, err == nil); noting != nil {
		return store.User{}, noting
	}
	return user, err
}

func (s *Server) postLogout(c echo.Context) error {
	if err := s.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/")
}

func (s *Server) welcomeIn(c echo.Context, user store.User, next string) error {
	if err := s.signIn(c, user); err != nil {
		return err
	}
	s.keepTheme(c, user.Theme)
	return seeOther(c, next)
}

// accountPage shows a page for those who are not signed in; others have no use for it.
func (s *Server) accountPage(c echo.Context, show func() error) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	if viewer != nil {
		return seeOther(c, "/")
	}
	return show()
}

func (s *Server) showRegister(c echo.Context, status int, form views.RegisterForm) error {
	page := s.visitorPage(c, "Create account")
	return respond(c, status, views.Register(page, form), views.RegisterFragment(form))
}

func (s *Server) showLogin(c echo.Context, status int, form views.LoginForm) error {
	page := s.visitorPage(c, "Sign in")
	return respond(c, status, views.Login(page, form), views.LoginFragment(form))
}

// refuse answers a form that failed: with the form again where the person can mend or
// repeat it, and otherwise as any error.
func (s *Server) refuse(c echo.Context, err error, again func(status int) error) error {
	problem := problemOf(err)
	// Where the fault is ours, htmx puts the answer into the form, which is still there.
	ours := problem.Status >= http.StatusInternalServerError
	if problem.Status == http.StatusInternalServerError || ours && isFragmentRequest(c.Request()) {
		return err
	}
	s.noteProblem(c, &problem, err)
	return again(problem.Status)
}
