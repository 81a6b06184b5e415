package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/handlers/limit"
	"plaza/store"
	"plaza/views"
)

const securitySettings = "/settings/security"

// getSecuritySettings shows how the viewer's account is protected.
func (s *Server) getSecuritySettings(c echo.Context, viewer *store.Session) error {
	factor, err := s.store.SecondFactorOf(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	passkeys, err := s.store.Passkeys(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	identities, err := s.store.Identities(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	shown := views.Security{SecondFactor: factor, Passkeys: passkeys, Unnamed: !s.hasPasskeys(c), Identities: identities}
	if s.provider != nil {
		shown.Provider = s.provider.Host()
	}
	return render(c, http.StatusOK, views.SecuritySettings(page, shown))
}

func (s *Server) getTOTPBegin(c echo.Context, viewer *store.Session) error {
	return s.showTOTPBegin(c, viewer, http.StatusOK, views.TOTPBeginForm{})
}

// postTOTPBegin shows a new secret. It stands in the answer alone: the address of a page would show it to
// anyone who finds the browser open.
func (s *Server) postTOTPBegin(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	var secret string
	user, err := s.askPassword(c, viewer, values.Get("password"))
	if err == nil {
		secret, err = s.store.BeginTOTP(c.Request().Context(), user)
	}
	if err != nil {
		err = wrongPassword(err, "password")
		return s.refuse(c, err, func(status int) error {
			return s.showTOTPBegin(c, viewer, status, views.TOTPBeginForm{Submission: submission(err, "password")})
		})
	}
	return s.showTOTPConfirm(c, viewer, http.StatusOK, views.TOTPConfirmForm{Secret: secret})
}

func (s *Server) showTOTPBegin(c echo.Context, viewer *store.Session, status int, form views.TOTPBeginForm) error {
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.TOTPBegin(page, form), views.TOTPBeginFragment(form))
}

// postTOTPConfirm turns the second step on, and shows the recovery codes. It shows the secret again if the
// code is wrong and the page has the secret.
func (s *Server) postTOTPConfirm(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	var codes []string
	if err = s.limits.changing.Allow(ctx, accountKey(viewer)); err == nil {
		codes, err = s.changeSecurity(ctx, viewer, func(letter store.SecurityLetter) ([]string, error) {
			return s.store.ConfirmTOTP(ctx, viewer.User, values.Get("code"), letter)
		})
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form := views.TOTPConfirmForm{Submission: submission(err, "code")}
			begun, err := s.store.IsTOTPBegun(ctx, viewer.User, values.Get("secret"))
			if err != nil {
				return err
			}
			if begun {
				form.Secret = values.Get("secret")
			}
			return s.showTOTPConfirm(c, viewer, status, form)
		})
	}
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.RecoveryCodes(page, codes), views.RecoveryCodesFragment(codes))
}

func (s *Server) showTOTPConfirm(c echo.Context, viewer *store.Session, status int, form views.TOTPConfirmForm) error {
	form.Username = viewer.User.Username
	origin, err := url.Parse(s.origin(c.Request()))
	if err != nil {
		return err
	}
	form.Host = origin.Hostname()
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.TOTPConfirm(page, form), views.TOTPConfirmFragment(form))
}

func (s *Server) getTOTPRemove(c echo.Context, viewer *store.Session) error {
	return s.showTOTPRemove(c, viewer, http.StatusOK, views.TOTPRemoveForm{})
}

// postTOTPRemove turns the second step off. The code is tried after the password, so that nobody can guess
// at codes without it.
func (s *Server) postTOTPRemove(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx, code := c.Request().Context(), values.Get("code")
	user, err := s.askPassword(c, viewer, values.Get("password"))
	if err == nil {
		err = s.tryCode(c, user, code, func() error {
			_, err := s.changeSecurity(ctx, viewer, func(letter store.SecurityLetter) ([]string, error) {
				return nil, s.store.RemoveTOTP(ctx, user, code, letter)
			})
			return err
		})
	}
	if err != nil {
		err = wrongPassword(err, "password")
		return s.refuse(c, err, func(status int) error {
			return s.showTOTPRemove(c, viewer, status, views.TOTPRemoveForm{Submission: submission(err, "password")})
		})
	}
	return s.saved(c, securitySettings)
}

func (s *Server) showTOTPRemove(c echo.Context, viewer *store.Session, status int, form views.TOTPRemoveForm) error {
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.TOTPRemove(page, form), views.TOTPRemoveFragment(form))
}

// toSecuritySettings leads to the page of which an address is a part.
func toSecuritySettings(c echo.Context, _ *store.Session) error { return seeOther(c, securitySettings) }

// changeSecurity calls change, which changes how the viewer signs in and tells them of it. The letter is nil
// if the site sends no mail, or has sent the viewer several.
func (s *Server) changeSecurity(
	ctx context.Context, viewer *store.Session, change func(letter store.SecurityLetter) ([]string, error),
) ([]string, error) {
	letter := s.securityLetter()
	if letter != nil {
		tooMany := &limit.TooMany{}
		err := s.limits.notifying.Allow(ctx, store.MailboxKey(viewer.User.Email))
		if errors.As(err, &tooMany) {
			letter = nil // the change counts all the same
		} else if err != nil {
			return nil, err
		}
	}
	codes, err := change(letter)
	if err != nil {
		return nil, err
	}
	s.inboxChanged(viewer.User.ID)
	s.jobs.Wake(store.MailJob)
	return codes, nil
}
