package handlers

import (
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// limitedKeys is how many accounts or addresses a limiter remembers; the least recently
// seen are forgotten, so that its memory is bounded.
const limitedKeys = 50_000

// limiter gives each key (an account, an address) a token bucket. A nil limiter allows all.
type limiter struct {
	every   time.Duration // how long one token takes to come back
	burst   int
	buckets *lru.Cache[string, *rate.Limiter]
}

func newLimiter(burst int, every time.Duration) *limiter {
	// lru.New only fails on a size that is not positive.
	buckets, _ := lru.New[string, *rate.Limiter](limitedKeys)
	return &limiter{every, burst, buckets}
}

// allow takes a token of key's bucket, or returns a tooMany error.
func (l *limiter) allow(key string) error {
	if l == nil {
		return nil
	}
	fresh := rate.NewLimiter(rate.Every(l.every), l.burst)
	bucket, found, _ := l.buckets.PeekOrAdd(key, fresh)
	if found {
		l.buckets.Get(key) // so that it is not the next to be forgotten
	} else {
		bucket = fresh
	}
	reservation := bucket.Reserve()
	if wait := reservation.Delay(); wait > 0 {
		reservation.Cancel()
		return &tooMany{wait}
	}
	return nil
}

// limits are the site's rate limits; see the numbers in newLimits. With --limits off all
// are nil.
type limits struct {
	registering *limiter // by address
	signingIn   *limiter // by address
	posting     *limiter // by account
	previewing  *limiter // by account
	connecting  *limiter // by account
	failures    *failures
}

func newLimits() limits {
	return limits{
		registering: newLimiter(10, 5*time.Minute),
		signingIn:   newLimiter(20, 3*time.Second),
		posting:     newLimiter(40, 700*time.Millisecond),
		previewing:  newLimiter(30, time.Second),
		connecting:  newLimiter(60, time.Second),
		failures:    newFailures(),
	}
}

// addressKey returns what one household has in common: an IPv4 address, or the /64 of an
// IPv6 address, of which any host has 2^64 to itself.
func addressKey(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	parsed = parsed.Unmap().WithZone("")
	if parsed.Is4() {
		return parsed.String()
	}
	// Prefix only fails on a length beyond the address's.
	prefix, _ := parsed.Prefix(64)
	return prefix.String()
}

// failures slows down guessing at passwords.
//
// Where one address fails at one account, it has to wait, each time twice as long. Where
// an account is failed at from anywhere, answers about it come late, by a bounded time, but
// they come: so no stranger can lock anybody out.
type failures struct {
	byPair    *lru.Cache[string, failed]
	byAccount *lru.Cache[string, failed]
}

type failed struct {
	times int
	last  time.Time
}

const (
	freeFailures   = 4 // people mistype
	longestWait    = 5 * time.Minute
	longestDelay   = 3 * time.Second
	failuresForget = 30 * time.Minute
)

func newFailures() *failures {
	byPair, _ := lru.New[string, failed](limitedKeys)
	byAccount, _ := lru.New[string, failed](limitedKeys)
	return &failures{byPair, byAccount}
}

// check returns a tooMany error where this address has to wait before it tries this
// account again, and otherwise how late the answer is to come.
func (f *failures) check(account, address string) (time.Duration, error) {
	if f == nil {
		return 0, nil
	}
	if pair := recent(f.byPair, account+" "+address); pair.times > freeFailures {
		wait := time.Until(pair.last.Add(doubled(time.Second, pair.times-freeFailures, longestWait)))
		if wait > 0 {
			return 0, &tooMany{wait}
		}
	}
	times := recent(f.byAccount, account).times
	if times <= 2*freeFailures {
		return 0, nil
	}
	return doubled(50*time.Millisecond, times-2*freeFailures, longestDelay), nil
}

// note counts a failure, or forgets this address's at this account after a success.
func (f *failures) note(account, address string, success bool) {
	if f == nil {
		return
	}
	pair := account + " " + address
	if success {
		f.byPair.Remove(pair)
		return
	}
	f.byPair.Add(pair, failed{recent(f.byPair, pair).times + 1, time.Now()})
	f.byAccount.Add(account, failed{recent(f.byAccount, account).times + 1, time.Now()})
}

func recent(counted *lru.Cache[string, failed], key string) failed {
	found, _ := counted.Get(key)
	if time.Since(found.last) > failuresForget {
		return failed{}
	}
	return found
}

// doubled returns first, doubled for each time after the first, at most longest.
func doubled(first time.Duration, times int, longest time.Duration) time.Duration {
	for range min(times, 32) - 1 {
		first = min(2*first, longest)
	}
	return first
}
