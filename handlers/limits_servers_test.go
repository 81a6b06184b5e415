package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/store/storetest"
)

// simulateTwo runs a test on two servers of a fresh site, in simulated time.
func simulateTwo(t *testing.T, test func(one, other *simulation)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		address := storetest.MustAddress(t)
		test(simulateOn(t, storetest.MustOpenAt(t, address)), simulateOn(t, storetest.MustOpenAt(t, address)))
	})
}

// A token that one server takes is gone on all servers, and a token that comes back comes back once.
func TestServersShareLimits(t *testing.T) {
	t.Parallel()
	unequal := filled(registration("eve"), "password_confirm", "a different phrase")
	for _, test := range []struct {
		path  string
		burst int
		wait  time.Duration
		form  func(i int) url.Values
	}{
		{"/register", 10, 5 * time.Minute, func(int) url.Values { return unequal }},
		{"/login", 20, 3 * time.Second, func(i int) url.Values { return credentials(fmt.Sprint("nobody", i), "wrong") }},
	} {
		t.Run(test.path, func(t *testing.T) {
			t.Parallel()
			simulateTwo(t, func(one, other *simulation) {
				storetest.MustUser(one.t, one.store, "dora") // owns the site, so that anybody can register
				servers, asked := []*simulation{one, other}, 0
				ask := func(address string) *answer {
					asked++
					return servers[asked%2].from(address).post(test.path, test.form(asked))
				}
				for range test.burst {
					ask("192.0.2.1").expect(http.StatusUnprocessableEntity)
				}
				for range servers {
					if wait := ask("192.0.2.1").expectTooMany(); wait != test.wait {
						t.Errorf("it asks to wait for %v", wait)
					}
					ask("192.0.2.2").expect(http.StatusUnprocessableEntity)
				}
				time.Sleep(test.wait)
				ask("192.0.2.1").expect(http.StatusUnprocessableEntity)
				for range servers {
					ask("192.0.2.1").expectTooMany()
				}
			})
		})
	}
}

// If many ask all servers at the same time, no more get through than the burst.
func TestServersShareLimitsAtOnce(t *testing.T) {
	t.Parallel()
	simulateTwo(t, func(one, other *simulation) {
		var through, refused atomic.Int64
		var asking sync.WaitGroup
		for i := range 40 {
			asking.Go(func() {
				b := []*simulation{one, other}[i%2].from("192.0.2.1")
				switch b.post("/login", credentials(fmt.Sprint("nobody", i), "wrong")).StatusCode {
				case http.StatusUnprocessableEntity:
					through.Add(1)
				case http.StatusTooManyRequests:
					refused.Add(1)
				}
			})
		}
		asking.Wait()
		if through.Load() != 20 || refused.Load() != 20 {
			t.Errorf("%d got through, and %d were refused", through.Load(), refused.Load())
		}
	})
}

// Failures on any server count on all, and a success resets them on all.
func TestServersCountFailuresTogether(t *testing.T) {
	t.Parallel()
	simulateTwo(t, func(one, other *simulation) {
		one.member("ada")
		wrong := credentials("ada", "wrong")
		there, elsewhere := one.from("192.0.2.66"), other.from("192.0.2.66")
		for _, b := range []*browser{there, elsewhere, there, elsewhere, there} {
			b.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
		for want := time.Second; want <= 4*time.Second; want *= 2 {
			if wait := elsewhere.post("/login", wrong).expectTooMany(); wait != want {
				t.Errorf("it asks to wait for %v, not %v", wait, want)
			}
			time.Sleep(want)
			there.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
		time.Sleep(8 * time.Second)
		elsewhere.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		for range 5 {
			there.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
		there.post("/login", wrong).expectTooMany()
		began := time.Now()
		other.from("192.0.2.1").post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		if took := time.Since(began); took < 100*time.Millisecond || took > 3*time.Second {
			t.Errorf("after 13 failures elsewhere ada waited for %v", took)
		}
	})
}

// While the database is away, nobody can try to sign in, and no answer is 429.
func TestServersLimitNobodyWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	server := storetest.MustServer(t, "fsync=off")
	s := simulateOn(t, storetest.MustOpenAt(t, server.Address("plaza")))
	s.member("ada")
	if err := server.Halt(); err != nil {
		t.Fatal(err)
	}
	ada := s.from("192.0.2.1")
	forms := map[string]url.Values{"/login": credentials("ada", storetest.Password), "/register": registration("bob")}
	for path, form := range forms {
		for range 21 {
			refused := ada.post(path, form).expect(http.StatusServiceUnavailable).expectHeader("Retry-After", "3")
			if got := refused.text("#form-error"); got != "The site cannot do this right now. Nothing is lost; please try again in a moment." {
				t.Fatalf("%s says %q", path, got)
			}
		}
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	for path, form := range forms {
		s.from("192.0.2.1").post(path, form).expect(http.StatusSeeOther)
	}
}

// Buckets and failures that no limit needs any more are removed.
func TestServersForgetWhoAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		address := storetest.MustAddress(t)
		s := simulateOn(t, storetest.MustOpenAt(t, address))
		remembered := func() (buckets int) {
			err := storetest.Beside(t, address).QueryRowContext(t.Context(), `SELECT count(*) FROM buckets`).Scan(&buckets)
			if err != nil {
				t.Fatal(err)
			}
			return buckets
		}
		s.browse().post("/login", credentials("nobody", "wrong")).expect(http.StatusUnprocessableEntity)
		if got := remembered(); got != 1 {
			t.Errorf("%d buckets are kept", got)
		}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { s.plaza.Run(ctx) })
		time.Sleep(time.Minute + time.Second)
		stop()
		running.Wait()
		if got := remembered(); got != 0 {
			t.Errorf("a minute later %d are", got)
		}
	})
}
