package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// A former username leads to its account, and no other account gets it while it is reserved.
func TestUsernameChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		address := storetest.MustAddress(t)
		s := storetest.MustOpenAt(t, address)
		ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
		refuses := func(user store.User, username string) {
			t.Helper()
			var refused *store.Error
			if err := s.ChangeUsername(t.Context(), user, username); !errors.As(err, &refused) ||
				refused.Fields["username"].Code == "" {
				t.Errorf("%s as %q: %v", user.Username, username, err)
			}
		}
		changes := func(user store.User, username string) {
			t.Helper()
			if err := s.ChangeUsername(t.Context(), user, username); err != nil {
				t.Errorf("%s as %q: %v", user.Username, username, err)
			}
		}
		leads := func(old, username string) {
			t.Helper()
			found, err := s.UserByOldName(t.Context(), old)
			if err != nil || found.Username != username {
				t.Errorf("%s leads to %q, %v", old, found.Username, err)
			}
			names, err := s.Usernames(t.Context(), []string{old})
			if err != nil || names[old] != username {
				t.Errorf("a mention of %s leads to %v, %v", old, names, err)
			}
		}
		for _, username := range []string{"x", "a b", "~1", "BOB", "b\u043eb", "ada"} {
			refuses(ada, username)
		}
		changes(ada, " Countess ")
		if _, err := s.UserByName(t.Context(), "ada"); store.KindOf(err) != store.NotFound {
			t.Errorf("the old name is still hers: %v", err)
		}
		leads("ADA", "Countess")
		for _, username := range []string{"Ada", "\u0430da"} {
			refuses(bob, username)
			_, err := s.CreateUser(t.Context(), registration(username, 1))
			if expectTaken(t, err); err == nil {
				t.Errorf("a new account got the name %s", username)
			}
			if err := s.ChangeProfile(t.Context(), bob, username, "", false); store.KindOf(err) != store.Invalid {
				t.Errorf("bob goes by %s: %v", username, err)
			}
		}
		time.Sleep(store.RenameEvery - time.Millisecond)
		refuses(ada, "ada")
		time.Sleep(time.Millisecond)
		changes(ada, "ada")
		leads("countess", "ada")
		refuses(ada, "lovelace") // changing back was a change

		time.Sleep(store.NameReserved - time.Millisecond)
		refuses(bob, "countess")
		time.Sleep(time.Millisecond)
		if _, err := s.UserByOldName(t.Context(), "countess"); store.KindOf(err) != store.NotFound {
			t.Errorf("it still leads somewhere: %v", err)
		}
		changes(bob, "countess")
		time.Sleep(store.NameReserved)
		if _, err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		var kept int
		query(t, address, `SELECT count(*) FROM old_usernames`, &kept)
		if kept != 0 {
			t.Errorf("%d names are kept forever", kept)
		}
	})
}

// One of many concurrent renames and registrations gets the name.
func TestOneGetsTheNameThatManyWant(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	users := make([]store.User, registrations)
	for i := range users {
		users[i] = storetest.MustUser(t, both[0], fmt.Sprint("user", i))
	}
	var got atomic.Int64
	var together sync.WaitGroup
	for i, user := range users {
		together.Go(func() {
			err := both[i%2].ChangeUsername(t.Context(), user, []string{"ada", "\u0430da"}[i/2%2])
			if expectTaken(t, err); err == nil {
				got.Add(1)
			}
		})
		together.Go(func() {
			_, err := both[i%2].CreateUser(t.Context(), registration("ada", i))
			if expectTaken(t, err); err == nil {
				got.Add(1)
			}
		})
	}
	together.Wait()
	if got.Load() != 1 {
		t.Errorf("%d got the name", got.Load())
	}
}
