package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// openResetSite returns a store with the account ada, whose email is verified.
func openResetSite(t *testing.T) *emailSite {
	t.Helper()
	s := openEmailSite(t)
	execute(t, s.address, `UPDATE users SET email_verified = TRUE`)
	return s
}

// askReset asks for a link that sets ada's password, and returns its token.
func (s *emailSite) askReset() (token string) {
	s.t.Helper()
	user, err := s.ResetRecipient(s.t.Context(), "ada")
	if err == nil {
		err = s.AskReset(s.t.Context(), user, func(user store.User, made string) store.Mail {
			token = made
			return store.Mail{To: user.Email, Subject: "Reset", Body: made}
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func (s *emailSite) reset(token, password string) error {
	_, err := s.UseReset(s.t.Context(), token, password, func(user store.User) store.Mail {
		return store.Mail{To: user.Email, Subject: "Changed", Body: user.Username}
	})
	return err
}

const newPassword = "another long phrase"

// Of many requests with a link at the same time, one sets the password.
func TestResetWorksOnce(t *testing.T) {
	t.Parallel()
	s := openResetSite(t)
	session, err := s.CreateSession(t.Context(), s.ada, "a browser", "its token")
	mustDo(t, err)
	replaced := s.askReset()
	token := s.askReset()
	var kept []byte
	query(t, s.address, `SELECT token_hash FROM password_resets`, &kept)
	if hash := store.HashToken(token); string(kept) != string(hash[:]) {
		t.Error("the store keeps something else than the token's hash")
	}
	for _, wrong := range []string{replaced, token + "x", token[1:], "", "\x00\xff", session} {
		s.isRefused(store.NotFound, s.reset(wrong, newPassword))
		_, err := s.UserByReset(t.Context(), wrong)
		s.isRefused(store.NotFound, err)
	}
	for range 2 { // looking at it, or a bad password, does not use it up
		user, err := s.UserByReset(t.Context(), token)
		if err != nil || user.ID != s.ada.ID {
			t.Fatalf("the link is for %+v, %v", user, err)
		}
		s.isRefused(store.Invalid, s.reset(token, "short"))
	}
	if _, err := s.SessionByToken(t.Context(), session); err != nil {
		t.Errorf("the session ends before the password changes: %v", err)
	}
	s.sent()

	const together = 4
	results := make(chan error, together)
	for i := range together {
		go func() { results <- s.reset(token, fmt.Sprint(newPassword, i)) }()
	}
	done := 0
	for range together {
		if err := <-results; err == nil {
			done++
		} else {
			s.isRefused(store.NotFound, err)
		}
	}
	if done != 1 || s.sent() != "ada@example.org" {
		t.Errorf("the link worked %d times", done)
	}
	s.isRefused(store.NotFound, s.reset(token, newPassword))
	if _, err := s.SessionByToken(t.Context(), session); store.KindOf(err) != store.NotFound {
		t.Errorf("the session has not ended: %v", err)
	}
	works := 0
	for i := range together {
		if _, err := s.Authenticate(t.Context(), "ada", fmt.Sprint(newPassword, i)); err == nil {
			works++
		}
	}
	if _, err := s.Authenticate(t.Context(), "ada", storetest.Password); err == nil || works != 1 {
		t.Errorf("%d of the new passwords sign in, and the old one: %v", works, err)
	}
	told, _, err := s.Notifications(t.Context(), s.ada, store.NewestPoint(), 5)
	if err != nil || len(told) != 1 || told[0].Kind != store.PasswordChanged {
		t.Errorf("the notifications are %+v, %v", told, err)
	}
}

// A link dies with what it was made for.
func TestResetDies(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *emailSite) error{
		"by a change of the password": func(s *emailSite) error {
			return s.ChangePassword(t.Context(), s.ada, store.TokenHash{}, "a third long phrase")
		},
		"by the owner's command": func(s *emailSite) error { return s.ResetPassword(t.Context(), "ada", "a third long phrase") },
		"by a change of the email": func(s *emailSite) error {
			return s.ChangeEmail(t.Context(), s.ada, "ada@example.net", true)
		},
		"by a confirmed email": func(s *emailSite) error { return s.confirm(s.ask("ada@example.net")) },
		"with the account": func(s *emailSite) error {
			_, err := s.DeleteAccount(t.Context(), s.ada, false)
			return err
		},
		"by its age": func(s *emailSite) error {
			execute(s.t, s.address, `UPDATE password_resets SET made_at = made_at - $1`, store.ResetLifetime.Milliseconds())
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openResetSite(t)
			s.t = t
			token := s.askReset()
			execute(t, s.address, `UPDATE password_resets SET made_at = made_at - $1`, (store.ResetLifetime - time.Minute).Milliseconds())
			_, err := s.UserByReset(t.Context(), token)
			mustDo(t, err, end(s))
			s.isRefused(store.NotFound, s.reset(token, newPassword))
			if _, err := s.UserByReset(t.Context(), token); store.KindOf(err) != store.NotFound {
				t.Errorf("the link is found: %v", err)
			}
			mustExpire(t, s.Store)
			var left int
			if query(t, s.address, `SELECT count(*) FROM password_resets`, &left); left != 0 {
				t.Error("its row is left")
			}
			if _, err := s.Authenticate(t.Context(), "ada", newPassword); err == nil {
				t.Error("it has set the password")
			}
		})
	}
}

// A change of the password, or of the email, at the same time as the link is used leaves one of the two: never the
// link's password after the other change.
func TestResetRacesWithTheOwner(t *testing.T) {
	t.Parallel()
	s := openResetSite(t)
	for round := range 10 {
		user, err := s.UserByName(t.Context(), "ada")
		mustDo(t, err)
		token := s.askReset()
		var resetting, changing error
		var together sync.WaitGroup
		together.Go(func() { resetting = s.reset(token, fmt.Sprint("of the link ", round)) })
		together.Go(func() {
			changing = s.ChangeEmail(t.Context(), user, fmt.Sprintf("ada%d@example.org", round), true)
		})
		together.Wait()
		if resetting != nil && changing != nil || resetting == nil && changing == nil {
			t.Errorf("round %d: the link gives %v, and the change %v", round, resetting, changing)
		}
		execute(t, s.address, `UPDATE users SET email_verified = TRUE`)
	}
}

// A link goes only to the verified email of an account, as it is when the letter is written.
func TestResetGoesToVerifiedEmails(t *testing.T) {
	t.Parallel()
	s := openResetSite(t)
	bob, eve := storetest.MustUser(t, s.Store, "bob"), storetest.MustUser(t, s.Store, "eve")
	mustDo(t, s.AskEmailChange(t.Context(), s.ada, "waiting@example.org", true, letterTo(new(string))))
	_, err := s.DeleteAccount(t.Context(), eve, false)
	mustDo(t, err)
	for login, want := range map[string]string{
		"ada": "ada@example.org", "ADA": "ada@example.org", "Ada@Example.org": "ada@example.org",
		"bob": "", bob.Email: "", "eve": "", eve.Email: "", "nobody": "", "": "", "waiting@example.org": "", "\x00": "",
	} {
		user, err := s.ResetRecipient(t.Context(), login)
		if user.Email != want || (want == "") != (store.KindOf(err) == store.NotFound) {
			t.Errorf("%q gets a link at %q, %v", login, user.Email, err)
		}
	}
	letter := func(user store.User, token string) store.Mail { return store.Mail{To: user.Email, Body: token} }
	for name, change := range map[string]string{
		"another email":     `UPDATE users SET email = 'ada@example.net'`,
		"an unverified one": `UPDATE users SET email_verified = FALSE`,
		"a deleted account": `UPDATE users SET deleted_at = 1`,
	} {
		execute(t, s.address, change+` WHERE id = $1`, s.ada.ID)
		if err := s.AskReset(t.Context(), s.ada, letter); store.KindOf(err) != store.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		execute(t, s.address, `UPDATE users SET email = 'ada@example.org', email_verified = TRUE, deleted_at = 0 WHERE id = $1`, s.ada.ID)
	}
	s.sent()
	mustDo(t, s.AskReset(t.Context(), s.ada, letter))
	if got := s.sent(); got != "ada@example.org" {
		t.Errorf("the letter goes to %s", got)
	}
}

// A request writes the same whatever is asked, and no more than an email is long.
func TestResetIsRequestedBlindly(t *testing.T) {
	t.Parallel()
	s := openResetSite(t)
	for _, login := range []string{"ada", "nobody", "", strings.Repeat("x", 100_000), strings.Repeat("ä", 1000), "\x00\xff'"} {
		mustDo(t, s.RequestReset(t.Context(), " "+login+" "))
		job, ok, err := s.ClaimJob(t.Context(), store.ResetJob)
		var asked store.ResetRequest
		if err != nil || !ok || json.Unmarshal([]byte(job.Payload), &asked) != nil || len(asked.Login) > 300 ||
			!strings.HasPrefix(login, strings.Trim(asked.Login, "\ufffd'")) {
			t.Fatalf("%.20q is asked as %q, %v", login, job.Payload, err)
		}
		mustDo(t, s.FinishJob(t.Context(), job))
	}
}
