package handlers

import (
	"encoding/json"
	"errors"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/labstack/echo/v4"

	"plaza/store"
)

// errPasskeyHost is the error of a site that is reached by a number.
var errPasskeyHost = &store.Error{Kind: store.Invalid, Code: store.CodePasskeyHost}

// passkeys returns what makes and verifies the challenges of passkeys. A passkey belongs to the host of the
// site, and signs only what a page of the site's origin asks for. It must verify its user, by a fingerprint or a
// PIN: so it is two factors by itself. It must keep the account too, so that sign-in asks for no username.
func (s *Server) passkeys(c echo.Context) (*webauthn.WebAuthn, error) {
	origin := s.origin(c.Request())
	address, err := url.Parse(origin)
	if err != nil {
		return nil, err
	}
	discoverable := true
	timeouts := webauthn.TimeoutConfig{Timeout: store.ChallengeLifetime} // which the store enforces
	made, err := webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: "plaza", RPOrigins: []string{origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &discoverable, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
		Timeouts:              webauthn.TimeoutsConfig{Login: timeouts, Registration: timeouts},
		// Some password managers answer with more than they are asked for.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, errors.Join(errPasskeyHost, err)
	}
	return made, nil
}

// hasPasskeys tells whether passkeys can belong to the site as the request reaches it.
func (s *Server) hasPasskeys(c echo.Context) bool {
	_, err := s.passkeys(c)
	return err == nil
}

// passkeyUser is an account as the library takes it.
type passkeyUser struct {
	store.PasskeyAccount
	credentials webauthn.Credentials
}

func newPasskeyUser(account store.PasskeyAccount) (passkeyUser, error) {
	user := passkeyUser{PasskeyAccount: account}
	for _, text := range account.Credentials {
		var credential webauthn.Credential
		if err := json.Unmarshal([]byte(text), &credential); err != nil {
			return passkeyUser{}, err
		}
		user.credentials = append(user.credentials, credential)
	}
	return user, nil
}

// WebAuthnID implements webauthn.User.
func (u passkeyUser) WebAuthnID() []byte { return u.Handle }

// WebAuthnName implements webauthn.User.
func (u passkeyUser) WebAuthnName() string { return u.User.Username }

// WebAuthnDisplayName implements webauthn.User.
func (u passkeyUser) WebAuthnDisplayName() string { return u.User.Name() }

// WebAuthnCredentials implements webauthn.User.
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// passkeySession is what the store keeps of a challenge.
type passkeySession struct {
	Session webauthn.SessionData `json:"session"`
	Name    string               `json:"name"` // of the passkey that is added
}

// challenge returns a challenge for the store, which keeps only a hash of the challenge itself.
func (p passkeySession) challenge() (store.Challenge, error) {
	challenge := p.Session.Challenge
	p.Session.Challenge = ""
	data, err := json.Marshal(p)
	return store.Challenge{Challenge: challenge, Data: string(data)}, err
}

// newPasskeySession returns what the store has kept of a challenge.
func newPasskeySession(data, challenge string) (passkeySession, error) {
	var p passkeySession
	err := json.Unmarshal([]byte(data), &p)
	p.Session.Challenge = challenge
	return p, err
}

// refusedPasskey returns the error of an answer that a passkey should not have given. Only the log says why.
func refusedPasskey(err error) error {
	return &store.Error{Kind: store.ErrPasskeyRefused.Kind, Code: store.ErrPasskeyRefused.Code, Err: err}
}
