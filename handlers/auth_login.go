package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/limit"
	"plaza/store"
	"plaza/views"
)

func (s *Server) getLogin(c echo.Context) error {
	return s.accountPage(c, func() error {
		form := views.LoginForm{Next: localPath(c.QueryParam("next")), Reset: c.QueryParam("reset") != ""}
		if c.QueryParam("again") != "" {
			form.Submission = submission(store.ErrHalfSignInEnded, "")
		}
		return s.showLogin(c, http.StatusOK, form)
	})
}

func (s *Server) postLogin(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.LoginForm{Login: strings.TrimSpace(values.Get("login")), Next: localPath(values.Get("next"))}
	user, err := s.authenticate(c, form.Login, values.Get("password"))
	if err == nil {
		err = s.enter(c, user, form.Next, func() error { return s.signIn(c, user) })
		if !errors.Is(err, store.ErrCredentials) { // the password may have changed by now
			return err
		}
	}
	return s.refuse(c, err, func(status int) error {
		form.Submission = submission(err, "")
		return s.showLogin(c, status, form)
	})
}

// enter calls signIn and leads to next. If the user's second step is on, it leads to the page that asks for a code.
func (s *Server) enter(c echo.Context, user store.User, next string, signIn func() error) error {
	err := signIn()
	if errors.Is(err, store.ErrCodeNeeded) {
		return s.beginCode(c, user, next)
	}
	if err != nil {
		return err
	}
	s.welcome(c, user)
	return seeOther(c, next)
}

// welcome does what follows a sign-in, by whatever means.
func (s *Server) welcome(c echo.Context, user store.User) {
	if s.sendsMail() {
		s.noteUnverified(c.Request().Context(), user)
	}
	s.keepTheme(c, user.Theme)
}

// authenticate returns the user with a login and a password. Failed attempts make it wait, or return a
// *limit.TooMany error. It returns store.ErrTooManySignIns at once if too many attempts are made at the same
// time, at the account or at the site.
func (s *Server) authenticate(c echo.Context, login, password string) (store.User, error) {
	ctx := c.Request().Context()
	if err := s.limits.signingIn.AllowAddress(ctx, c.RealIP()); err != nil {
		return store.User{}, err
	}
	attempt, err := s.attempt(c, login)
	if err != nil {
		return store.User{}, err
	}
	var user store.User
	err = s.guess(c, attempt, func() (err error) {
		user, err = s.store.Authenticate(ctx, login, password)
		return err
	})
	return user, err
}

// guess calls try, which verifies a password or a code. If that fails with an Invalid error, the attempt
// counts as a failure. Failed attempts make the next ones wait, as authenticate says.
func (s *Server) guess(c echo.Context, attempt limit.Attempt, try func() error) error {
	ctx := c.Request().Context()
	delay, err := s.limits.failures.Check(ctx, attempt)
	if err != nil {
		return err
	}
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return ctx.Err()
	}
	// An attempt that is held back takes no place, or strangers could hold all of them.
	end, ok := s.limits.guessing.Begin(attempt.Key())
	if !ok {
		return store.ErrTooManySignIns
	}
	defer end()
	// Attempts that were held back together do not count each other until now.
	if _, err := s.limits.failures.Check(ctx, attempt); err != nil {
		return err
	}
	err = try()
	if err != nil && store.KindOf(err) != store.Invalid {
		return err
	}
	// A client that hangs up still counts. If the attempt cannot be counted, the answer is kept back,
	// since guessing would be free.
	if counting := s.limits.failures.Record(context.WithoutCancel(ctx), attempt, err == nil); counting != nil {
		return counting
	}
	return err
}

// attempt returns what the limits count an attempt to sign in by.
func (s *Server) attempt(c echo.Context, login string) (limit.Attempt, error) {
	browser := cookies{s}.knownBrowser(c.Request())
	found, err := s.store.FindLogin(c.Request().Context(), login, browser)
	attempt := limit.Attempt{Account: found.Key, Address: c.RealIP()}
	if found.Known {
		attempt.Browser = browser
	}
	return attempt, err
}

func (s *Server) postLogout(c echo.Context) error {
	if err := s.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/")
}

// accountPage shows a page to visitors, and leads signed-in users to the start page.
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

func (s *Server) showLogin(c echo.Context, status int, form views.LoginForm) error {
	page := s.visitorPage(c)
	form.Mails = s.sendsMail()
	form.Passkeys = s.hasPasskeys(c)
	if s.provider != nil {
		form.Provider = s.provider.Host()
	}
	return respond(c, status, views.Login(page, form), views.LoginFragment(form))
}
