package store_test

import (
	"testing"

	"plaza/store"
)

// notes returns ada's notifications of an unverified email: unread ones, and all.
func (s *emailSite) notes() (unread, all int) {
	s.t.Helper()
	told, _, err := s.Notifications(s.t.Context(), s.ada, store.NewestPoint(), 50)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, n := range told {
		if n.Kind != store.EmailUnverified {
			continue
		}
		if all++; !n.Read {
			unread++
		}
	}
	return unread, all
}

// The own email is verified by a link, without a password. Nothing else changes, and nobody is told of a change.
func TestOwnEmailIsVerified(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	reset := func() string { user, _ := s.ResetRecipient(t.Context(), "ada"); return user.Email }
	for range 2 {
		if noted, err := s.NoteUnverified(t.Context(), s.ada); err != nil {
			t.Errorf("noted: %t, %v", noted, err)
		}
	}
	if unread, all := s.notes(); unread != 1 || all != 1 || reset() != "" {
		t.Errorf("%d of %d notes are unread; a link would go to %q", unread, all, reset())
	}
	var stale, token string
	mustDo(t, s.SendEmailLink(t.Context(), s.ada, letterTo(&stale)), s.SendEmailLink(t.Context(), s.ada, letterTo(&token)))
	s.has("ada@example.org", "ada@example.org")
	if settings, err := s.SettingsOf(t.Context(), s.ada); err != nil || settings.EmailWaiting || settings.EmailVerified {
		t.Errorf("the settings are %+v, %v", settings, err)
	}
	if got := s.sent(); got != "ada@example.org ada@example.org" {
		t.Errorf("mails go to %s", got)
	}
	s.isRefused(store.NotFound, s.confirm(stale))
	change, err := s.EmailChangeByToken(t.Context(), token)
	if err != nil || !change.KeepsEmail() || change.IsDone() {
		t.Errorf("the link is for %+v, %v", change, err)
	}
	for range 2 { // a second click
		mustDo(t, s.confirm(token))
		s.has("ada@example.org", "")
	}
	if change, err = s.EmailChangeByToken(t.Context(), token); err != nil || !change.IsDone() || reset() != "ada@example.org" {
		t.Errorf("the link is for %+v, %v, and a link for the password would go to %q", change, err, reset())
	}
	noted, err := s.NoteUnverified(t.Context(), s.ada)
	if unread, all := s.notes(); err != nil || noted || unread != 0 || all != 1 || s.sent() != "" {
		t.Errorf("%d of %d notes are unread, %v", unread, all, err)
	}
	s.isRefused(store.NotFound, s.SendEmailLink(t.Context(), s.ada, letterTo(&token)))
}

// An address that has refused mail is verified again by a new link: the one that verified it before does nothing.
func TestRefusedEmailIsVerifiedByANewLink(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	var used, token string
	mustDo(t, s.SendEmailLink(t.Context(), s.ada, letterTo(&used)), s.confirm(used))
	mustDo(t, s.RefuseAddress(t.Context(), "ada@example.org", 550))
	if _, err := s.ResetRecipient(t.Context(), "ada"); store.KindOf(err) != store.NotFound {
		t.Errorf("it gets a link for a password: %v", err)
	}
	if noted, err := s.NoteUnverified(t.Context(), s.ada); err != nil || !noted {
		t.Errorf("ada is not told, %v", err)
	}
	s.isRefused(store.NotFound, s.confirm(used))
	s.refuses("ada@example.org", true)
	mustDo(t, s.SendEmailLink(t.Context(), s.ada, letterTo(&token)))
	s.has("ada@example.org", "ada@example.org")
	mustDo(t, s.confirm(token))
	s.refuses("ada@example.org", false)
	s.has("ada@example.org", "")
	if unread, _ := s.notes(); unread != 0 {
		t.Error("ada is still told")
	}
}

// An unverified email gets no letter about a change, nor does one that refuses mail.
func TestFormerEmailGetsNoMailUnlessVerified(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"unverified": `UPDATE users SET email_verified = FALSE`,
		"refused":    `INSERT INTO refused_addresses (email_key, status, at) VALUES ('ada@example.org', 550, 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openResetSite(t)
			s.t = t
			execute(t, s.address, statement)
			mustDo(t, s.confirm(s.ask("new@example.org")))
			if got := s.sent(); got != "new@example.org" {
				t.Errorf("mails go to %s", got)
			}
		})
	}
}
