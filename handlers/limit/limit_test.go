package limit_test

import (
	"errors"
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
			delay, err := failures.Check(t.Context(), "ada", address)
			return delay, wait(t, err)
		}
		record := func(success bool) {
			if err := failures.Record(t.Context(), "ada", "192.0.2.1", success); err != nil {
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

func TestAddressKey(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::/64", "2001:db8::ffff:1%eth0": "2001:db8::/64",
		"no address": "no address",
	} {
		if got := limit.AddressKey(address); got != want {
			t.Errorf("the key of %s is %s, want %s", address, got, want)
		}
	}
}
