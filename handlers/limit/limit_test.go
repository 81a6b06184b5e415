package limit_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/limit"
	"plaza/store"
)

// wait returns how long an error asks to wait, or 0 if there is no error.
func wait(t *testing.T, err error) time.Duration {
	t.Helper()
	var tooMany *limit.TooMany
	if err != nil && !errors.As(err, &tooMany) {
		t.Fatal(err)
	}
	if tooMany == nil {
		return 0
	}
	return tooMany.Wait
}

func TestLimiterRefillsItsBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := limit.New(store.Limit{Name: "asking", Burst: 2, Every: time.Second}, limit.MemoryBuckets())
		for _, step := range []struct {
			key  string
			wait time.Duration
		}{{"ada", 0}, {"ada", 0}, {"ada", time.Second}, {"ada", time.Second}, {"bob", 0}} {
			if got := wait(t, limiter.Allow(t.Context(), step.key)); got != step.wait {
				t.Errorf("%s waits for %v, want %v", step.key, got, step.wait)
			}
		}
		time.Sleep(time.Second)
		if got := wait(t, limiter.Allow(t.Context(), "ada")); got != 0 {
			t.Errorf("after a second ada waits for %v", got)
		}
	})
}

func TestFailuresDoubleTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := limit.NewFailures(limit.MemoryFailures())
		check := func(address string) (delay, waits time.Duration) {
			delay, err := failures.Check(t.Context(), limit.Attempt{Account: "ada", Address: address})
			return delay, wait(t, err)
		}
		record := func(success bool) {
			if err := failures.Record(t.Context(), limit.Attempt{Account: "ada", Address: "192.0.2.1"}, success); err != nil {
				t.Fatal(err)
			}
		}
		for range 4 {
			record(false)
		}
		if _, got := check("192.0.2.1"); got != 0 {
			t.Errorf("after four failures the address waits for %v", got)
		}
		for want := time.Second; want <= 5*time.Minute; want *= 2 {
			record(false)
			if _, got := check("192.0.2.1"); got != want {
				t.Errorf("the address waits for %v, want %v", got, want)
			}
		}
		if delay, got := check("192.0.2.2"); got != 0 || delay != 800*time.Millisecond {
			t.Errorf("another address waits for %v, and its answer for %v", got, delay)
		}
		record(true)
		if _, got := check("192.0.2.1"); got != 0 {
			t.Errorf("after a success the address waits for %v", got)
		}
	})
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "[{192.0.2.1 1}]", "::ffff:192.0.2.1": "[{192.0.2.1 1}]",
		"2001:db8::1":           "[{2001:db8::/64 1} {2001:db8::/48 8}]",
		"2001:db8::ffff:1%eth0": "[{2001:db8::/64 1} {2001:db8::/48 8}]",
		"no address":            "[{no address 1}]",
	} {
		if got := fmt.Sprint(limit.Networks(address)); got != want {
			t.Errorf("the networks of %s are %s, want %s", address, got, want)
		}
	}
}

// The /64s of one /48 of IPv6 share a larger bucket and a larger number of failures.
func TestLimitsCountWholeSites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := limit.New(store.Limit{Name: "asking", Burst: 2, Every: 8 * time.Second}, limit.MemoryBuckets())
		failures := limit.NewFailures(limit.MemoryFailures())
		host := func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i) }
		attempt := func(address string) limit.Attempt { return limit.Attempt{Account: "ada", Address: address} }
		for i := range 2 * 8 {
			if got := wait(t, limiter.AllowAddress(t.Context(), host(i))); got != 0 {
				t.Errorf("host %d waits for %v", i, got)
			}
		}
		if got := wait(t, limiter.AllowAddress(t.Context(), host(99))); got != time.Second {
			t.Errorf("another host of the site waits for %v", got)
		}
		if got := wait(t, limiter.AllowAddress(t.Context(), "2001:db8:1::1")); got != 0 {
			t.Errorf("another site waits for %v", got)
		}
		for i := range 4*8 + 1 {
			if _, err := failures.Check(t.Context(), attempt(host(i))); err != nil {
				t.Errorf("guess %d: %v", i, err)
			}
			if err := failures.Record(t.Context(), attempt(host(i)), false); err != nil {
				t.Fatal(err)
			}
		}
		_, err := failures.Check(t.Context(), attempt(host(99)))
		if got := wait(t, err); got != time.Second {
			t.Errorf("another host of the site waits for %v", got)
		}
		known := attempt(host(99))
		known.Browser = "hers"
		if delay, err := failures.Check(t.Context(), known); err != nil || delay != 0 {
			t.Errorf("a browser that the account knows waits for %v, %v", delay, err)
		}
	})
}

func TestParallelBoundsEachKey(t *testing.T) {
	parallel := limit.NewParallel(2)
	begin := func(key string, want bool) func() {
		t.Helper()
		end, ok := parallel.Begin(key)
		if ok != want {
			t.Errorf("%s may begin: %v", key, ok)
		}
		return end
	}
	begin("ada", true)
	end := begin("ada", true)
	begin("ada", false)
	begin("bob", true)
	end()
	begin("ada", true)
	begin("ada", false)
}
