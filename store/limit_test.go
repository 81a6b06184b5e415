package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

var someLimit = store.Limit{Name: "trying", Burst: 5, Every: 2 * time.Second}

// shared returns a store's shared limits.
func shared(t *testing.T, s *store.Store) store.SharedLimits {
	t.Helper()
	limits, ok := s.SharedLimits()
	if !ok {
		t.Fatal("the store has no shared limits")
	}
	return limits
}

// A bucket gives a burst, and then one token at a time. A refused request takes none.
func TestServersTakeTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := storetest.MustOpen(t)
		take := func(key string, want time.Duration) {
			t.Helper()
			if wait, err := shared(t, s).TakeToken(t.Context(), someLimit, key); err != nil || wait != want {
				t.Errorf("%s must wait for %v, %v, want %v", key, wait, err, want)
			}
		}
		for range someLimit.Burst {
			take("ada", 0)
		}
		take("ada", 2*time.Second)
		take("bob", 0)
		time.Sleep(1999 * time.Millisecond)
		take("ada", time.Millisecond)
		time.Sleep(time.Millisecond)
		take("ada", 0)
		take("ada", 2*time.Second)
		time.Sleep(time.Hour)
		for range someLimit.Burst {
			take("ada", 0)
		}
		take("ada", 2*time.Second)
		if wait, err := shared(t, s).TakeToken(t.Context(), store.Limit{Name: "another", Burst: 1, Every: time.Second},
			"ada"); err != nil || wait != 0 {
			t.Errorf("another limit: %v, %v", wait, err)
		}
	})
}

// After a server's clock was ahead, nobody waits longer than for an empty bucket.
func TestServersWhoseClockWasAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		address := storetest.MustAddress(t)
		s := storetest.MustOpenAt(t, address)
		for range 3 {
			if _, err := shared(t, s).TakeToken(t.Context(), someLimit, "ada"); err != nil {
				t.Fatal(err)
			}
		}
		execute(t, address, `UPDATE buckets SET full_at = full_at + $1`, time.Hour.Milliseconds())
		if _, err := shared(t, s).TakeToken(t.Context(), someLimit, "ada"); err != nil {
			t.Fatal(err)
		}
		wait, err := shared(t, s).TakeToken(t.Context(), someLimit, "ada")
		if err != nil || wait != someLimit.Every {
			t.Errorf("the wait is %v, %v", wait, err)
		}
		time.Sleep(wait)
		if wait, err := shared(t, s).TakeToken(t.Context(), someLimit, "ada"); err != nil || wait != 0 {
			t.Errorf("after that: %v, %v", wait, err)
		}
	})
}

// Concurrent requests and failures count once each.
func TestServersCountAtOnce(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	stores := []*store.Store{storetest.MustOpenAt(t, address), storetest.MustOpenAt(t, address)}
	slow := store.Limit{Name: "trying", Burst: 30, Every: time.Hour}
	var given atomic.Int64
	var together sync.WaitGroup
	for i := range 60 {
		s := stores[i%2]
		together.Go(func() {
			wait, err := shared(t, s).TakeToken(t.Context(), slow, "192.0.2.1")
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				given.Add(1)
			}
			if err := shared(t, s).NoteFailure(t.Context(), "ada", []string{fmt.Sprint("192.0.2.", i%4), "192.0.2.0/24"}); err != nil {
				t.Error(err)
			}
			if _, err := s.Expire(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if given.Load() != 30 {
		t.Errorf("%d tokens were given", given.Load())
	}
	from, all, err := shared(t, stores[0]).Failures(t.Context(), "ada", []string{"192.0.2.0/24", "192.0.2.1"})
	if err != nil || from[0].Times != 60 || from[1].Times != 15 || all.Times != 60 {
		t.Errorf("counted: %+v and %+v, %v", from, all, err)
	}
}

func TestServersForgetFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := storetest.MustOpen(t)
		note := func(account, address string) {
			t.Helper()
			if err := shared(t, s).NoteFailure(t.Context(), account, []string{address}); err != nil {
				t.Fatal(err)
			}
		}
		check := func(account, address string, here, anywhere int) {
			t.Helper()
			a, b, err := shared(t, s).Failures(t.Context(), account, []string{address})
			if err != nil || a[0].Times != here || b.Times != anywhere {
				t.Errorf("%s of %s has failed %d times, and %d in all, %v; want %d and %d", account, address, a[0].Times,
					b.Times, err, here, anywhere)
			}
		}
		note("ada", "192.0.2.1")
		time.Sleep(store.FailuresKept)
		note("ada", "192.0.2.2")
		check("ada", "192.0.2.1", 1, 2)
		check("bob", "192.0.2.1", 0, 0)
		time.Sleep(time.Millisecond)
		check("ada", "192.0.2.1", 0, 2)
		note("ada", "192.0.2.1")
		check("ada", "192.0.2.1", 1, 3)
		if err := shared(t, s).ForgetFailures(t.Context(), "ada", []string{"192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
		check("ada", "192.0.2.1", 0, 3)
		check("ada", "192.0.2.2", 1, 3)
		time.Sleep(store.FailuresKept + time.Millisecond)
		check("ada", "192.0.2.2", 0, 0)
		note("ada", "192.0.2.2")
		check("ada", "192.0.2.2", 1, 1)
	})
}

// Full buckets and old failures are deleted, and nothing else.
func TestServersExpireLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		address := storetest.MustAddress(t)
		s := storetest.MustOpenAt(t, address)
		take := func() {
			t.Helper()
			if _, err := shared(t, s).TakeToken(t.Context(), someLimit, fmt.Sprint("at ", time.Now())); err != nil {
				t.Fatal(err)
			}
			if err := shared(t, s).NoteFailure(t.Context(), "ada", []string{fmt.Sprint("at ", time.Now())}); err != nil {
				t.Fatal(err)
			}
		}
		check := func(buckets, failures int) {
			t.Helper()
			if _, err := s.Expire(t.Context()); err != nil {
				t.Fatal(err)
			}
			var haveBuckets, haveFailures int
			query(t, address, `SELECT count(*) FROM buckets`, &haveBuckets)
			query(t, address, `SELECT count(*) FROM failures`, &haveFailures)
			if haveBuckets != buckets || haveFailures != failures {
				t.Errorf("%d buckets and %d failures are kept, want %d and %d", haveBuckets, haveFailures, buckets, failures)
			}
		}
		take()
		time.Sleep(someLimit.Every - time.Millisecond)
		take()
		check(2, 3)
		time.Sleep(time.Millisecond)
		check(1, 3)
		time.Sleep(store.FailuresKept - someLimit.Every + time.Millisecond)
		check(0, 2)
		time.Sleep(store.FailuresKept)
		check(0, 0)
	})
}

// The database does not show who tried what from where.
func TestServersKeepNoNames(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	if _, err := shared(t, s).TakeToken(t.Context(), someLimit, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	if err := shared(t, s).NoteFailure(t.Context(), "ada", []string{"192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
	var names string
	query(t, address, `SELECT string_agg(name, ' ')
		FROM (SELECT name FROM buckets UNION ALL SELECT name FROM failures) AS names`, &names)
	if strings.Contains(names, "ada") || strings.Contains(names, "192") || len(strings.Fields(names)) != 3 {
		t.Errorf("the names are %s", names)
	}
	if fields := strings.Fields(names); len(slices.Compact(slices.Sorted(slices.Values(fields)))) != 3 {
		t.Errorf("some names are the same: %s", names)
	}
}

// A site on SQLite has no shared limits, and none expire.
func TestExpireLimits(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	mustExpire(t, s)
	if _, ok := s.SharedLimits(); ok != store.IsPostgres(address) {
		t.Errorf("a store on SQLite has shared limits: %v", ok)
	}
}
