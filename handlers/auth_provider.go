package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

const providerLinkPath = "/oidc/link"

// getProviderStart sends the browser to the provider.
func (s *Server) getProviderStart(c echo.Context) error {
	return s.accountPage(c, func() error {
		address, err := s.beginProvider(c, store.User{}, localPath(c.QueryParam("next")))
		if err != nil {
			return s.refuseProvider(c, err)
		}
		return c.Redirect(http.StatusSeeOther, address)
	})
}

// beginProvider begins a sign-in by the provider, and returns where the browser goes for it. If user is not the zero
// value, the sign-in links that account.
func (s *Server) beginProvider(c echo.Context, user store.User, next string) (address string, err error) {
	ctx := c.Request().Context()
	if err := s.limits.signingIn.AllowAddress(ctx, c.RealIP()); err != nil {
		return "", err
	}
	begun, err := s.store.BeginProviderSignIn(ctx, user, next)
	if err != nil {
		return "", err
	}
	s.setProviderCookie(c, begun.Token, store.ProviderSignInLifetime)
	return s.provider.Address(ctx, s.callback(c), begun)
}

// callback returns the address to which the provider sends the browser back.
func (s *Server) callback(c echo.Context) string { return s.origin(c.Request()) + "/oidc/callback" }

// setProviderCookie keeps the token of a sign-in by the provider, or of the identity that came of it.
func (s *Server) setProviderCookie(c echo.Context, token string, lifetime time.Duration) {
	r := c.Request()
	c.SetCookie(cookies{s}.cookie(r, s.providerCookie(r), token, lifetime))
}

func (s *Server) providerCookie(r *http.Request) string { return s.cookieName(r) + "-provider" }

// providerToken returns the token that setProviderCookie has set, or "".
func (s *Server) providerToken(r *http.Request) string {
	if named := r.CookiesNamed(s.providerCookie(r)); len(named) > 0 {
		return named[0].Value
	}
	return ""
}

// getProviderCallback takes the provider's answer: it signs in, links an account, or asks whose the identity is. An
// answer is of use once, and only to the browser that was sent for it.
func (s *Server) getProviderCallback(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	begun, err := s.store.TakeProviderSignIn(c.Request().Context(), s.providerToken(c.Request()), c.QueryParam("state"))
	if err != nil {
		return s.refuseProvider(c, err)
	}
	s.setProviderCookie(c, "", -time.Second)
	identity, err := s.provider.Identify(c.Request().Context(), s.callback(c), begun, c.QueryParams())
	switch {
	case err != nil:
	case !begun.Links():
		err = s.enterByIdentity(c, identity, begun.Next)
	case viewer == nil || !begun.IsOf(viewer.User):
		err = store.ErrProviderSignInEnded
	default:
		if err = s.store.LinkBegun(c.Request().Context(), begun, identity, s.securityLetter()); err == nil {
			s.toldSecurity(viewer.User)
			return s.saved(c, securitySettings)
		}
	}
	if err != nil {
		return s.refuseProvider(c, err)
	}
	return nil
}

// enterByIdentity signs the account of an identity in, and asks for its code where it has a second step. If no account
// has the identity, it leads to the page that asks whose it is.
func (s *Server) enterByIdentity(c echo.Context, identity store.Identity, next string) error {
	ctx := c.Request().Context()
	user, err := s.store.UserByIdentity(ctx, identity)
	if store.KindOf(err) == store.NotFound {
		token, err := s.store.ClaimIdentity(ctx, identity)
		if err != nil {
			return err
		}
		s.setProviderCookie(c, token, store.ProviderSignInLifetime)
		return seeOther(c, providerLinkPath+"?next="+url.QueryEscape(next))
	}
	if err != nil {
		return err
	}
	return s.enter(c, user, next, func() error {
		return s.signInBy(c, func(userAgent, browser string) (string, int64, error) {
			token, err := s.store.CreateSessionByIdentity(ctx, user, identity, userAgent, browser)
			return token, user.ID, err
		})
	})
}

// refuseProvider says at the sign-in page why the provider signed nobody in.
func (s *Server) refuseProvider(c echo.Context, err error) error {
	return s.refuse(c, err, func(status int) error {
		return s.showLogin(c, status, views.LoginForm{Next: localPath(c.QueryParam("next")), Submission: submission(err, "")})
	})
}

// getProviderLink asks whose an identity is that no account has.
func (s *Server) getProviderLink(c echo.Context) error {
	return s.accountPage(c, func() error {
		identity, err := s.store.ClaimedIdentity(c.Request().Context(), s.providerToken(c.Request()))
		if err != nil {
			return s.refuseProvider(c, err)
		}
		return s.showProviderLink(c, http.StatusOK, views.ProviderLinkForm{Name: identity.Name, Next: localPath(c.QueryParam("next"))})
	})
}

// postProviderLink links the identity to the account whose password is right, and signs it in.
func (s *Server) postProviderLink(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx, token := c.Request().Context(), s.providerToken(c.Request())
	identity, err := s.store.ClaimedIdentity(ctx, token)
	if err != nil {
		return s.refuseProvider(c, err)
	}
	form := views.ProviderLinkForm{Name: identity.Name, Login: strings.TrimSpace(values.Get("login")), Next: localPath(values.Get("next"))}
	user, err := s.authenticate(c, form.Login, values.Get("password"))
	if err == nil {
		_, err = s.store.LinkClaimed(ctx, user, token, s.securityLetter())
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showProviderLink(c, status, form)
		})
	}
	s.setProviderCookie(c, "", -time.Second)
	s.toldSecurity(user)
	return s.enter(c, user, form.Next, func() error { return s.signIn(c, user) })
}

// claim puts the identity that the browser has from the provider into a form for a new account, if the form asks for it.
func (s *Server) claim(c echo.Context, asked string, form *views.RegisterForm) error {
	if asked == "" || s.provider == nil {
		return nil
	}
	identity, err := s.store.ClaimedIdentity(c.Request().Context(), s.providerToken(c.Request()))
	if err == nil {
		form.Provider, form.Identity = s.provider.Host(), identity.Name
	}
	return err
}

// linkFirst links the identity that the browser has from the provider to an account that it has just made. If that
// fails, the account is there all the same: its settings can link it.
func (s *Server) linkFirst(c echo.Context, user store.User) {
	_, err := s.store.LinkClaimed(c.Request().Context(), user, s.providerToken(c.Request()), s.securityLetter())
	if err != nil {
		s.log.Warn("a new account is not linked to its provider", "error", err)
		return
	}
	s.setProviderCookie(c, "", -time.Second)
}

func (s *Server) showProviderLink(c echo.Context, status int, form views.ProviderLinkForm) error {
	form.Provider = s.provider.Host()
	return respond(c, status, views.ProviderLink(s.visitorPage(c), form), views.ProviderLinkFragment(form))
}

// toldSecurity has the pages and the mail of a user know of a change of how they sign in.
func (s *Server) toldSecurity(user store.User) {
	s.inboxChanged(user.ID)
	s.jobs.Wake(store.MailJob)
}
