package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// A password is verified before the transaction of what it allows. If it changes in between, it
// allows nothing.
func TestFormerPasswordAllowsNothing(t *testing.T) {
	t.Parallel()
	letter := func(store.EmailChange, string) store.Mail { return store.Mail{} }
	for name, act := range map[string]func(ctx context.Context, s *store.Store, ada store.User) error{
		"a sign-in": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := s.CreateSession(ctx, ada, "a browser", "its token")
			return err
		},
		"another password": func(ctx context.Context, s *store.Store, ada store.User) error {
			return s.ChangePassword(ctx, ada, store.TokenHash{}, "the intruder's phrase")
		},
		"an email": func(ctx context.Context, s *store.Store, ada store.User) error {
			return s.ChangeEmail(ctx, ada, "eve@example.org", false)
		},
		"an email to confirm": func(ctx context.Context, s *store.Store, ada store.User) error {
			return s.AskEmailChange(ctx, ada, "eve@example.org", false, letter)
		},
		"a half-finished sign-in": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := s.BeginSignIn(ctx, ada)
			return err
		},
		"a secret of an authenticator app": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := s.BeginTOTP(ctx, ada)
			return err
		},
		"a passkey": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := beginPasskey(ctx, s, ada, "a challenge")
			return err
		},
		"a sign-in by a provider that links the account": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := s.BeginProviderSignIn(ctx, ada, "/")
			return err
		},
		"an identity": func(ctx context.Context, s *store.Store, ada store.User) error {
			token, err := s.ClaimIdentity(ctx, store.Identity{Issuer: "https://id.example.org", Subject: "eve"})
			if err == nil {
				_, err = s.LinkClaimed(ctx, ada, token, nil)
			}
			return err
		},
		"a deletion": func(ctx context.Context, s *store.Store, ada store.User) error {
			_, err := s.DeleteAccount(ctx, ada, true)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := storetest.MustAddress(t)
			s := storetest.MustOpenAt(t, address)
			storetest.MustUser(t, s, "ada")
			before, err := s.Authenticate(t.Context(), "ada", storetest.Password)
			mustDo(t, err, s.ResetPassword(t.Context(), "ada", "another long phrase"))
			if err := act(t.Context(), s, before); !errors.Is(err, store.ErrCredentials) {
				t.Errorf("with the former password: %v", err)
			}
			now, err := s.Authenticate(t.Context(), "ada", "another long phrase")
			if err != nil || now.Email != "ada@example.org" {
				t.Fatalf("the account is %+v, %v", now, err)
			}
			var left int
			query(t, address, `SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM email_changes)
				+ (SELECT count(*) FROM half_sign_ins) + (SELECT count(*) FROM totp) + (SELECT count(*) FROM challenges) + (SELECT count(*) FROM identities)`, &left)
			if left != 0 {
				t.Errorf("%d sessions and emails are left", left)
			}
			mustDo(t, act(t.Context(), s, now))
		})
	}
}

// Sign-ins that run while the password changes leave no session of the former password.
func TestNoSessionSurvivesItsPassword(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	ada := storetest.MustUser(t, both[0], "ada")
	password := storetest.Password
	for round := range 20 {
		var together sync.WaitGroup
		next := fmt.Sprint("long phrase number ", round)
		for i := range 6 {
			together.Go(func() {
				user, err := both[i%2].Authenticate(t.Context(), "ada", password)
				if err == nil {
					_, err = both[i%2].CreateSession(t.Context(), user, "a browser", "its token")
				}
				if err != nil && !errors.Is(err, store.ErrCredentials) {
					t.Error(err)
				}
			})
		}
		together.Go(func() {
			change := func() error { return both[0].ResetPassword(t.Context(), "ada", next) }
			if round%2 == 1 {
				change = func() error { return both[0].ChangePassword(t.Context(), ada, store.TokenHash{}, next) }
			}
			if err := change(); err != nil {
				t.Error(err)
			}
		})
		together.Wait()
		password = next
		var sessions int
		if query(t, address, `SELECT count(*) FROM sessions`, &sessions); sessions != 0 {
			t.Fatalf("round %d leaves %d sessions", round, sessions)
		}
		var err error
		ada, err = both[0].UserByName(t.Context(), "ada")
		mustDo(t, err)
	}
}

// Hiding the email needs no password, so it must not change the email back to what a page showed.
func TestHidingKeepsTheEmail(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	mustDo(t, s.ChangeEmail(t.Context(), ada, "lovelace@example.org", true), s.HideEmail(t.Context(), ada, false))
	now, err := s.UserByName(t.Context(), "ada")
	if err != nil || now.Email != "lovelace@example.org" || now.EmailHidden {
		t.Errorf("the account is %+v, %v", now, err)
	}
}
