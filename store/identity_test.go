package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

var identity = store.Identity{Issuer: "https://id.example.org", Subject: "1", Name: "ada@work"}

// mustClaim claims the identity.
func mustClaim(t *testing.T, s *store.Store) (token string) {
	t.Helper()
	token, err := s.ClaimIdentity(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Two accounts at the same moment: the identity signs one of them in.
func TestIdentityIsLinkedOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	people := []store.User{storetest.MustUser(t, both[0], "ada"), storetest.MustUser(t, both[0], "bob")}
	tokens := []string{mustClaim(t, both[0]), mustClaim(t, both[0])}
	var linking sync.WaitGroup
	errs := make([]error, len(people))
	for i, person := range people {
		linking.Go(func() { _, errs[i] = both[i].LinkClaimed(t.Context(), person, tokens[i], nil) })
	}
	linking.Wait()
	owner := 0
	if errs[0] != nil {
		owner = 1
	}
	if errs[owner] != nil || store.KindOf(errs[1-owner]) != store.Conflict {
		t.Fatalf("linking says %v", errs)
	}
	user, err := both[0].UserByIdentity(t.Context(), identity)
	if err != nil || user.ID != people[owner].ID {
		t.Errorf("the identity signs %v in, %v", user.ID, err)
	}
	for i, person := range people {
		found, err := both[0].Identities(t.Context(), person)
		if want := 1 - max(i-owner, owner-i); err != nil || len(found) != want {
			t.Errorf("account %d has %d identities, %v", i, len(found), err)
		}
	}
}

// What waits for a provider ends after some time, and with the account.
func TestProviderSignInsEnd(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	storetest.MustUser(t, s, "olivia")
	ada := storetest.MustUser(t, s, "ada")
	begun, err := s.BeginProviderSignIn(t.Context(), store.User{}, "/")
	if err != nil {
		t.Fatal(err)
	}
	claim := mustClaim(t, s)
	past := time.Now().Add(-store.ProviderSignInLifetime - time.Second).UnixMilli()
	execute(t, address, `UPDATE provider_sign_ins SET made_at = $1`, past)
	execute(t, address, `UPDATE provider_claims SET made_at = $1`, past)
	if _, err := s.TakeProviderSignIn(t.Context(), begun.Token, begun.State()); !errors.Is(err, store.ErrProviderSignInEnded) {
		t.Errorf("a sign-in that is too old: %v", err)
	}
	if _, err := s.LinkClaimed(t.Context(), ada, claim, nil); !errors.Is(err, store.ErrProviderSignInEnded) {
		t.Errorf("a claim that is too old: %v", err)
	}
	expired, err := s.Expire(t.Context())
	if err != nil || expired["provider_sign_ins"] != 1 || expired["provider_claims"] != 1 {
		t.Errorf("expired are %v, %v", expired, err)
	}
	if _, err := s.LinkClaimed(t.Context(), ada, mustClaim(t, s), nil); err != nil {
		t.Fatal(err)
	}
	user, err := s.UserByIdentity(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteAccount(t.Context(), ada, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateSessionByIdentity(t.Context(), user, identity, "a browser", "its token"); store.KindOf(err) != store.NotFound {
		t.Errorf("a deleted account is signed in: %v", err)
	}
	if _, err := s.UserByIdentity(t.Context(), identity); store.KindOf(err) != store.NotFound {
		t.Errorf("the identity is still linked: %v", err)
	}
}
