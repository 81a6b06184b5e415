package storetest

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"plaza/store"
)

// MustCode returns the code that an authenticator app with a secret shows at a time.
func MustCode(t testing.TB, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// MustNextCode returns the code that an authenticator app shows next. It is accepted already, and is no code that
// MustTurnOnTwoStep has used.
func MustNextCode(t testing.TB, secret string) string {
	t.Helper()
	return MustCode(t, secret, time.Now().Add(store.TOTPStep))
}

// MustTurnOnTwoStep turns the second step of signing in on, for an account that Authenticate or CreateUser
// has returned.
func MustTurnOnTwoStep(t testing.TB, s *store.Store, user store.User) (secret string, recoveryCodes []string) {
	t.Helper()
	secret, err := s.BeginTOTP(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	recoveryCodes, err = s.ConfirmTOTP(t.Context(), user, MustCode(t, secret, time.Now()), nil)
	if err != nil {
		t.Fatal(err)
	}
	return secret, recoveryCodes
}
