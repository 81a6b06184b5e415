package handlers

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getPasskeyRegister shows the form that adds a passkey.
func (s *Server) getPasskeyRegister(c echo.Context, viewer *store.Session) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.AddPasskey(page, views.PasskeyForm{
		Username: viewer.User.Username, Name: browserInWords(c.Request().UserAgent()), NeedsCode: page.State.TwoStep,
	}))
}

// postPasskeyRegisterBegin answers with a challenge for a new passkey. It asks for the password again, and not for a
// recent sign-in: who finds an open browser, or steals its cookie soon after the sign-in, must not be able to add a key
// that outlives the session. If the second step is on, it asks for a code too, since a passkey signs in without one.
func (s *Server) postPasskeyRegisterBegin(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(values.Get("name"))
	if name == "" {
		name = browserInWords(c.Request().UserAgent())
	}
	passkeys, err := s.passkeys(c)
	if err == nil {
		err = store.CheckPasskeyName(name)
	}
	var user store.User
	if err == nil {
		user, err = s.askPassword(c, viewer, values.Get("password"))
	}
	if err != nil {
		return s.refuseScript(c, wrongPassword(err, "password"))
	}
	var options *protocol.CredentialCreation
	begin := func() error {
		return s.store.BeginPasskey(c.Request().Context(), user, values.Get("code"), func(account store.PasskeyAccount) (store.Challenge, error) {
			known, err := newPasskeyUser(account)
			if err != nil {
				return store.Challenge{}, err
			}
			var session *webauthn.SessionData
			options, session, err = passkeys.BeginRegistration(known, webauthn.WithExclusions(known.credentials.CredentialDescriptors()))
			if err != nil {
				return store.Challenge{}, err
			}
			return passkeySession{*session, name}.challenge()
		})
	}
	factor, err := s.store.SecondFactorOf(c.Request().Context(), user)
	if err == nil && factor.IsOn() {
		err = s.tryCode(c, user, values.Get("code"), begin)
	} else if err == nil {
		err = begin()
	}
	if err != nil {
		return s.refuseScript(c, wrongPassword(err, "password"))
	}
	return c.JSON(http.StatusOK, options)
}

// postPasskeyRegisterFinish adds the passkey that answers the challenge.
func (s *Server) postPasskeyRegisterFinish(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	if err := s.limits.changing.Allow(ctx, accountKey(viewer)); err != nil {
		return s.refuseScript(c, err)
	}
	passkeys, err := s.passkeys(c)
	if err != nil {
		return s.refuseScript(c, err)
	}
	answer, err := protocol.ParseCredentialCreationResponseBody(c.Request().Body)
	if err != nil {
		return s.refuseScript(c, refusedPasskey(err))
	}
	challenge := answer.Response.CollectedClientData.Challenge
	verify := func(data string, account store.PasskeyAccount) (store.NewPasskey, error) {
		begun, err := newPasskeySession(data, challenge)
		if err != nil {
			return store.NewPasskey{}, err
		}
		account.Handle = begun.Session.UserID
		credential, err := passkeys.CreateCredential(passkeyUser{PasskeyAccount: account}, begun.Session, answer)
		if err != nil {
			return store.NewPasskey{}, refusedPasskey(err)
		}
		text, err := json.Marshal(credential)
		return store.NewPasskey{Name: begun.Name, Handle: account.Handle, CredentialID: credential.ID, Credential: string(text)}, err
	}
	_, err = s.changeSecurity(ctx, viewer, func(letter store.SecurityLetter) ([]string, error) {
		return nil, s.store.AddPasskey(ctx, viewer.User, challenge, verify, letter)
	})
	if err != nil {
		return s.refuseScript(c, err)
	}
	s.setSavedCookie(c, securitySettings, savedLifetime)
	return c.JSON(http.StatusOK, goingOn{securitySettings})
}

func (s *Server) getPasskeyRemove(c echo.Context, viewer *store.Session) error {
	return s.showPasskeyRemove(c, viewer, http.StatusOK, views.PasskeyRemoveForm{})
}

// postPasskeyRemove removes a passkey of the viewer.
func (s *Server) postPasskeyRemove(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	id, err := idIn(c.Param("id"))
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	user, err := s.askPassword(c, viewer, values.Get("password"))
	if err == nil {
		_, err = s.changeSecurity(ctx, viewer, func(letter store.SecurityLetter) ([]string, error) {
			return nil, s.store.RemovePasskey(ctx, user, id, letter)
		})
	}
	switch {
	case store.KindOf(err) == store.NotFound:
		return err
	case err != nil:
		err = wrongPassword(err, "password")
		return s.refuse(c, err, func(status int) error {
			return s.showPasskeyRemove(c, viewer, status, views.PasskeyRemoveForm{Submission: submission(err, "password")})
		})
	}
	return s.saved(c, securitySettings)
}

func (s *Server) showPasskeyRemove(c echo.Context, viewer *store.Session, status int, form views.PasskeyRemoveForm) error {
	id, err := idIn(c.Param("id"))
	if err != nil {
		return err
	}
	if form.Passkey, err = s.store.Passkey(c.Request().Context(), viewer.User, id); err != nil {
		return err
	}
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.RemovePasskey(page, form), views.RemovePasskeyFragment(form))
}
