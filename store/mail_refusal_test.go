package store_test

import (
	"testing"

	"plaza/store"
)

func (s *emailSite) refuses(email string, want bool) {
	s.t.Helper()
	if refused, err := s.IsRefused(s.t.Context(), email); err != nil || refused != want {
		s.t.Errorf("%s is refused: %t, %v", email, refused, err)
	}
}

// An address that has refused mail takes it again once it is verified. An account with another address is free of it.
func TestRefusedAddressIsVerifiedAgain(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	mustDo(t, s.RefuseAddress(t.Context(), "ada@example.org", 550), s.RefuseAddress(t.Context(), "Ada@Example.org", 553),
		s.RefuseAddress(t.Context(), "new@bücher.example", 550))
	settings, err := s.SettingsOf(t.Context(), s.ada)
	states, listing := s.MailStates(t.Context())
	mustDo(t, err, listing)
	if state := states[s.ada.ID]; !settings.EmailRefused || state.Refused != 553 || state.Verified {
		t.Errorf("the settings are %+v, and the owner sees %+v", settings, state)
	}
	token := s.ask("new@bücher.example")
	s.refuses("new@xn--bcher-kva.example", true)
	mustDo(t, s.confirm(token))
	s.refuses("new@bücher.example", false)
	settings, err = s.SettingsOf(t.Context(), s.ada)
	states, listing = s.MailStates(t.Context())
	mustDo(t, err, listing)
	if state := states[s.ada.ID]; settings.EmailRefused || state.Refused != 0 || !state.Verified {
		t.Errorf("the settings are %+v, and the owner sees %+v", settings, state)
	}
	s.refuses("ada@example.org", true)
}

// The record of an address expires only if no account has it.
func TestRefusedAddressesExpire(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	mustDo(t, s.RefuseAddress(t.Context(), "ada@example.org", 550), s.RefuseAddress(t.Context(), "typo@example.org", 550))
	mustExpire(t, s.Store)
	s.refuses("typo@example.org", true)
	execute(t, s.address, `UPDATE refused_addresses SET at = at - $1`, store.EmailChangeLifetime.Milliseconds())
	mustExpire(t, s.Store)
	s.refuses("typo@example.org", false)
	s.refuses("ada@example.org", true)
}
