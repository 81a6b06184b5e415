package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"plaza/store"
)

// postPasskeyLoginBegin answers with a challenge that any passkey of the site may sign.
func (s *Server) postPasskeyLoginBegin(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.limits.challenging.AllowAddress(ctx, c.RealIP()); err != nil {
		return s.refuseScript(c, err)
	}
	passkeys, err := s.passkeys(c)
	if err != nil {
		return s.refuseScript(c, err)
	}
	options, session, err := passkeys.BeginDiscoverableLogin()
	if err != nil {
		return err
	}
	challenge, err := passkeySession{Session: *session}.challenge()
	if err != nil {
		return err
	}
	if err := s.store.BeginPasskeySignIn(ctx, challenge); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, options)
}

// postPasskeyLoginFinish signs in by the answer of a passkey, and says where to go on.
func (s *Server) postPasskeyLoginFinish(c echo.Context) error {
	user, err := s.finishPasskeySignIn(c)
	if err != nil {
		return s.refuseScript(c, err)
	}
	s.welcome(c, user)
	return c.JSON(http.StatusOK, goingOn{localPath(c.QueryParam("next"))})
}

// goingOn tells a script where to go on.
type goingOn struct {
	Location string `json:"location"`
}

func (s *Server) finishPasskeySignIn(c echo.Context) (user store.User, err error) {
	ctx := c.Request().Context()
	if err := s.limits.signingIn.AllowAddress(ctx, c.RealIP()); err != nil {
		return store.User{}, err
	}
	passkeys, err := s.passkeys(c)
	if err != nil {
		return store.User{}, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBody(c.Request().Body)
	if err != nil {
		return store.User{}, refusedPasskey(err)
	}
	challenge := answer.Response.CollectedClientData.Challenge
	verify := func(data string, account store.PasskeyAccount) (string, error) {
		begun, err := newPasskeySession(data, challenge)
		if err != nil {
			return "", err
		}
		known, err := newPasskeyUser(account)
		if err != nil {
			return "", err
		}
		credential, err := passkeys.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return known, nil }, begun.Session, answer)
		if err != nil {
			return "", refusedPasskey(err)
		}
		if credential.Authenticator.CloneWarning {
			return "", refusedPasskey(errors.New("its count of signatures went back"))
		}
		text, err := json.Marshal(credential)
		return string(text), err
	}
	err = s.signInBy(c, func(userAgent, browser string) (string, int64, error) {
		var token string
		var err error
		token, user, err = s.store.SignInByPasskey(ctx, challenge, answer.RawID, verify, userAgent, browser)
		return token, user.ID, err
	})
	return user, err
}

// problemJSON tells a script what went wrong, and beside which field.
type problemJSON struct {
	Error  string            `json:"error"`
	Fields map[string]string `json:"fields,omitempty"`
}

// refuseScript answers a request of a script that failed.
func (s *Server) refuseScript(c echo.Context, err error) error {
	if errors.Is(err, store.ErrSignedOut) {
		return err
	}
	problem := problemOf(err)
	s.reportProblem(c, &problem, err)
	return c.JSON(problem.Status, problemJSON{problem.Message, submission(err, "").Errors})
}
