package store_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// emailSite is a store with the account ada.
type emailSite struct {
	t       *testing.T
	address string
	*store.Store
	ada store.User
}

func openEmailSite(t *testing.T) *emailSite {
	t.Helper()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	return &emailSite{t, address, s, storetest.MustUser(t, s, "ada")}
}

// ask asks for an email, and returns the token in its letter.
func (s *emailSite) ask(email string) (token string) {
	s.t.Helper()
	err := s.AskEmailChange(s.t.Context(), s.ada, email, true, letterTo(&token))
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// letterTo returns a function that writes letters and records their tokens.
func letterTo(token *string) func(store.EmailChange, string) store.Mail {
	return func(change store.EmailChange, made string) store.Mail {
		*token = made
		return store.Mail{To: change.Email, Subject: "Confirm", Body: change.Username + " " + made}
	}
}

func (s *emailSite) confirm(token string) error {
	_, err := s.ConfirmEmail(s.t.Context(), token, func(change store.EmailChange) store.Mail {
		return store.Mail{To: change.Before, Subject: "Changed", Body: change.Username}
	})
	return err
}

// sent returns the recipients of the waiting mails, in order.
func (s *emailSite) sent() string {
	s.t.Helper()
	var to []string
	for {
		job, ok, err := s.ClaimJob(s.t.Context(), store.MailJob)
		if err != nil {
			s.t.Fatal(err)
		}
		if !ok {
			return strings.Join(to, " ")
		}
		var mail store.Mail
		if err := json.Unmarshal([]byte(job.Payload), &mail); err != nil {
			s.t.Fatal(err)
		}
		to = append(to, mail.To)
		if err := s.FinishJob(s.t.Context(), job); err != nil {
			s.t.Fatal(err)
		}
	}
}

// has checks ada's email and the email that waits.
func (s *emailSite) has(email, waiting string) {
	s.t.Helper()
	user, err := s.UserByName(s.t.Context(), "ada")
	if err != nil {
		s.t.Fatal(err)
	}
	waits, err := s.WaitingEmail(s.t.Context(), s.ada)
	if err != nil || user.Email != email || waits != waiting {
		s.t.Errorf("ada has %s, and %q waits, %v; expected %s and %q", user.Email, waits, err, email, waiting)
	}
}

func (s *emailSite) isRefused(kind store.Kind, err error) {
	s.t.Helper()
	if store.KindOf(err) != kind {
		s.t.Errorf("it is refused with %v", err)
	}
}

func TestEmailIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	s := openResetSite(t) // letters about a change go to verified emails
	const before, after = "ada@example.org", "Lovelace@example.org"
	first := s.ask("typo@example.org")
	token := s.ask(" " + after + " ")
	s.has(before, after)
	var kept []byte
	query(t, s.address, `SELECT token_hash FROM email_changes`, &kept)
	if hash := store.HashToken(token); string(kept) != string(hash[:]) {
		t.Error("the store keeps something else than the token's hash")
	}
	for _, wrong := range []string{first, token + "x", token[1:], "", "\x00\xff"} {
		s.isRefused(store.NotFound, s.confirm(wrong))
		_, err := s.EmailChangeByToken(t.Context(), wrong)
		s.isRefused(store.NotFound, err)
	}
	if change, err := s.EmailChangeByToken(t.Context(), token); err != nil ||
		change != (store.EmailChange{Username: "ada", Email: after, Before: "ada@example.org", Reachable: true}) {
		t.Errorf("the link is for %+v, %v", change, err)
	}
	if got := s.sent(); got != "typo@example.org "+after {
		t.Errorf("mails go to %s", got)
	}

	var confirming sync.WaitGroup
	for range 4 {
		confirming.Go(func() {
			if err := s.confirm(token); err != nil {
				t.Error(err)
			}
		})
	}
	confirming.Wait()
	s.has(after, "")
	if got := s.sent(); got != before {
		t.Errorf("it was confirmed with letters to %s", got)
	}
	s.isRefused(store.NotFound, s.SendEmailLink(t.Context(), s.ada, letterTo(new(string))))
	if settings, err := s.SettingsOf(t.Context(), s.ada); err != nil || settings.EmailWaiting || !settings.EmailVerified {
		t.Errorf("the settings are %+v, %v", settings, err)
	}
	var err error
	if _, err = s.Authenticate(t.Context(), "lovelace@example.org", storetest.Password); err != nil {
		t.Errorf("the new email does not sign in: %v", err)
	}
	// The link does not undo a later change.
	if s.ada, err = s.UserByName(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeEmail(t.Context(), s.ada, before, true); err != nil {
		t.Fatal(err)
	}
	s.isRefused(store.NotFound, s.confirm(token))
}

func TestEmailThatCannotBe(t *testing.T) {
	t.Parallel()
	s := openResetSite(t)
	storetest.MustUser(t, s.Store, "bob")
	var token string
	for _, email := range []string{
		"", "lovelace", "BOB@example.org", "ada@example.org\r\nBcc: eve@example.org",
		"a@example.org, b@example.org",
	} {
		s.isRefused(store.Invalid, s.AskEmailChange(t.Context(), s.ada, email, true, letterTo(&token)))
	}
	s.isRefused(store.NotFound, s.SendEmailLink(t.Context(), s.ada, letterTo(&token)))
	if got := s.sent(); token != "" || got != "" {
		t.Errorf("a letter goes to %s", got)
	}

	// The first account to confirm an email has it.
	wanted := s.ask("cleo@example.org")
	storetest.MustUser(t, s.Store, "cleo")
	s.isRefused(store.Conflict, s.confirm(wanted))
	s.has("ada@example.org", "cleo@example.org")
	if got := s.sent(); got != "cleo@example.org" {
		t.Errorf("mails go to %s", got)
	}
}

// Actions that drop a waiting email, so that its link stops working.
func TestEmailChangeEnds(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	sessionToken, err := s.CreateSession(t.Context(), s.ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.SessionByToken(t.Context(), sessionToken)
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func() error{
		"it is dropped":        func() error { return s.DropEmailChange(t.Context(), s.ada) },
		"another link is sent": func() error { return s.SendEmailLink(t.Context(), s.ada, letterTo(new(string))) },
		"the password changes": func() error { return s.ChangePassword(t.Context(), s.ada, session.Hash, "a new long phrase") },
		"the password is set":  func() error { return s.ResetPassword(t.Context(), "ada", "another long phrase") },
		"it is as old as a day": func() error {
			execute(t, s.address, `UPDATE email_changes SET made_at = made_at - 86400000`)
			return nil
		},
		"it expires, and is old": func() error {
			execute(t, s.address, `UPDATE email_changes SET made_at = 1`)
			_, err := s.Expire(t.Context())
			return err
		},
	} {
		token := s.ask("lovelace@example.org")
		if _, err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EmailChangeByToken(t.Context(), token); err != nil {
			t.Errorf("before %s: %v", name, err)
		}
		if err := end(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.isRefused(store.NotFound, s.confirm(token))
		if s.ada, err = s.UserByName(t.Context(), "ada"); err != nil { // with the new password
			t.Fatal(err)
		}
	}
	execute(t, s.address, `UPDATE email_changes SET made_at = 1`)
	if _, err := s.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if query(t, s.address, `SELECT count(*) FROM email_changes`, &left); left != 0 {
		t.Errorf("%d are left", left)
	}
	s.has("ada@example.org", "")
}
