package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// beginCode begins a sign-in that needs a code, and leads to the page that asks for it.
func (s *Server) beginCode(c echo.Context, user store.User, next string) error {
	token, err := s.store.BeginSignIn(c.Request().Context(), user)
	if err != nil {
		return err
	}
	s.setHalfCookie(c, token, store.HalfSignInLifetime)
	return seeOther(c, "/login/code?next="+url.QueryEscape(next))
}

// setHalfCookie keeps the token of a half-finished sign-in in the browser.
func (s *Server) setHalfCookie(c echo.Context, token string, lifetime time.Duration) {
	r := c.Request()
	c.SetCookie(cookies{s}.cookie(r, s.halfCookie(r), token, lifetime))
}

func (s *Server) halfCookie(r *http.Request) string { return s.cookieName(r) + "-code" }

// halfToken returns the token of the browser's half-finished sign-in, or "" if it has none.
func (s *Server) halfToken(r *http.Request) string {
	if named := r.CookiesNamed(s.halfCookie(r)); len(named) > 0 {
		return named[0].Value
	}
	return ""
}

func (s *Server) getLoginCode(c echo.Context) error {
	next := localPath(c.QueryParam("next"))
	_, err := s.store.HalfSignedIn(c.Request().Context(), s.halfToken(c.Request()))
	if errors.Is(err, store.ErrHalfSignInEnded) {
		return s.signInAgain(c, next)
	}
	if err != nil {
		return err
	}
	return s.showLoginCode(c, http.StatusOK, views.CodeForm{Next: next})
}

func (s *Server) postLoginCode(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.CodeForm{Next: localPath(values.Get("next"))}
	user, err := s.finishSignIn(c, values.Get("code"))
	if errors.Is(err, store.ErrHalfSignInEnded) {
		return s.signInAgain(c, form.Next)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "code")
			return s.showLoginCode(c, status, form)
		})
	}
	s.welcome(c, user)
	return seeOther(c, form.Next)
}

// finishSignIn signs the user of the browser's half-finished sign-in in, if the code is right.
func (s *Server) finishSignIn(c echo.Context, code string) (store.User, error) {
	ctx, half := c.Request().Context(), s.halfToken(c.Request())
	user, err := s.store.HalfSignedIn(ctx, half)
	if err != nil {
		return store.User{}, err
	}
	err = s.tryCode(c, user, code, func() error {
		return s.signInBy(c, func(userAgent, browser string) (string, int64, error) {
			token, signedIn, err := s.store.FinishSignIn(ctx, half, code, userAgent, browser, s.securityLetter())
			return token, signedIn.ID, err
		})
	})
	if err != nil {
		return store.User{}, err
	}
	s.setHalfCookie(c, "", -time.Second)
	s.jobs.Wake(store.MailJob)
	return user, nil
}

// tryCode calls try, which uses a code of a user up. Wrong codes count as wrong passwords do, but by
// themselves: otherwise each right password would make further guesses free. A browser that the account does not know
// may also guess at the six digits of an app only now and then, from whatever address. Recovery codes are too long to
// guess, so nobody who knows the password can keep the user out.
func (s *Server) tryCode(c echo.Context, user store.User, code string, try func() error) error {
	ctx := c.Request().Context()
	if err := s.limits.signingIn.AllowAddress(ctx, c.RealIP()); err != nil {
		return err
	}
	attempt, err := s.attempt(c, user.Username)
	if err != nil {
		return err
	}
	attempt.Account = "code of " + attempt.Account
	return s.guess(c, attempt, func() error {
		if attempt.Browser == "" && !store.IsRecoveryCode(code) {
			if err := s.limits.guessingCodes.Allow(ctx, attempt.Account); err != nil {
				return err
			}
		}
		return try()
	})
}

// signInAgain leads to the sign-in page after a half-finished sign-in has ended, and says so there.
func (s *Server) signInAgain(c echo.Context, next string) error {
	s.setHalfCookie(c, "", -time.Second)
	return seeOther(c, "/login?again=1&next="+url.QueryEscape(next))
}

func (s *Server) showLoginCode(c echo.Context, status int, form views.CodeForm) error {
	return respond(c, status, views.LoginCode(s.visitorPage(c), form), views.LoginCodeFragment(form))
}

// securityLetter returns what writes the mail about a change of how a user signs in, or nil if the site
// sends no mail.
func (s *Server) securityLetter() store.SecurityLetter {
	if !s.sendsMail() {
		return nil
	}
	return func(user store.User, kind store.NotificationKind) store.Mail {
		return views.SecurityMail(user, kind, s.url.String())
	}
}
