package handlers

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"plaza/store"
)

// limiter gives each key (an account, an address) a token bucket. A nil limiter allows all.
type limiter struct {
	limit store.Limit
	in    buckets
}

// buckets is where a limiter's are kept: in this server's memory, or in the store for all servers.
type buckets interface {
	// TakeToken takes a token of a key's bucket, or returns how long it takes until there is one.
	TakeToken(ctx context.Context, limit store.Limit, key string) (time.Duration, error)
}

// allow takes a token of key's bucket, or returns a tooMany error.
func (l *limiter) allow(ctx context.Context, key string) error {
	if l == nil {
		return nil
	}
	wait, err := l.in.TakeToken(ctx, l.limit, key)
	if err == nil && wait > 0 {
		err = &tooMany{wait}
	}
	return err
}

// limits are the site's rate limits; see the numbers in newLimits. With --limits off all
// are nil.
type limits struct {
	registering *limiter // by address
	signingIn   *limiter // by address
	posting     *limiter // by account
	previewing  *limiter // by account
	uploading   *limiter // by account
	changing    *limiter // by account: how one is called and looks, which all pages show
	relating    *limiter // by account
	connecting  *limiter // by account
	mailing     *limiter // by account
	exporting   *limiter // by account
	searching   *limiter // by account, or by address
	failures    *failures
}

// newLimits has what protects accounts hold for all servers of the site together: who guesses
// at passwords gains nothing by asking each server. The rest protects a server, so each counts
// for itself, and asks nobody.
func newLimits(s *store.Store) limits {
	protecting, failed := newMemoryBuckets, failureCounts(newMemoryFailures())
	if shared, ok := s.SharedLimits(); ok {
		protecting, failed = func() buckets { return shared }, shared
	}
	return limits{
		registering: &limiter{store.Limit{Name: "registering", Burst: 10, Every: 5 * time.Minute}, protecting()},
		signingIn:   &limiter{store.Limit{Name: "signing in", Burst: 20, Every: 3 * time.Second}, protecting()},
		posting:     &limiter{store.Limit{Name: "posting", Burst: 40, Every: 700 * time.Millisecond}, newMemoryBuckets()},
		previewing:  &limiter{store.Limit{Name: "previewing", Burst: 30, Every: time.Second}, newMemoryBuckets()},
		uploading:   &limiter{store.Limit{Name: "uploading", Burst: 10, Every: time.Minute}, newMemoryBuckets()},
		changing:    &limiter{store.Limit{Name: "changing", Burst: 20, Every: 10 * time.Second}, newMemoryBuckets()},
		relating:    &limiter{store.Limit{Name: "relating", Burst: 60, Every: 2 * time.Second}, newMemoryBuckets()},
		connecting:  &limiter{store.Limit{Name: "connecting", Burst: 60, Every: time.Second}, newMemoryBuckets()},
		mailing:     &limiter{store.Limit{Name: "mailing", Burst: 5, Every: 10 * time.Minute}, protecting()},
		exporting:   &limiter{store.Limit{Name: "exporting", Burst: 3, Every: 20 * time.Minute}, newMemoryBuckets()},
		searching:   &limiter{store.Limit{Name: "searching", Burst: 60, Every: 500 * time.Millisecond}, newMemoryBuckets()},
		failures:    &failures{failed},
	}
}

// limitedKeys is how many accounts or addresses are kept in memory for each limit; the least
// recently seen are forgotten, so that its memory is bounded.
const limitedKeys = 50_000

// memoryBuckets are one limiter's.
type memoryBuckets struct {
	byKey *lru.Cache[string, *rate.Limiter]
}

func newMemoryBuckets() buckets {
	// lru.New only fails on a size that is not positive.
	byKey, _ := lru.New[string, *rate.Limiter](limitedKeys)
	return memoryBuckets{byKey}
}

// TakeToken never fails.
func (m memoryBuckets) TakeToken(_ context.Context, limit store.Limit, key string) (time.Duration, error) {
	fresh := rate.NewLimiter(rate.Every(limit.Every), limit.Burst)
	bucket, found, _ := m.byKey.PeekOrAdd(key, fresh)
	if found {
		m.byKey.Get(key) // so that it is not the next to be forgotten
	} else {
		bucket = fresh
	}
	reservation := bucket.Reserve()
	wait := reservation.Delay()
	if wait > 0 {
		reservation.Cancel()
	}
	return wait, nil
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

// failures slows down guessing at passwords. A nil one does not.
//
// Where one address fails at one account, it has to wait, each time twice as long. Where
// an account is failed at from anywhere, answers about it come late, by a bounded time, but
// they come: so no stranger can lock anybody out.
type failures struct{ in failureCounts }

// failureCounts is where failures to sign in are counted: in this server's memory, or in the
// store for all servers.
type failureCounts interface {
	// Failures returns the recent ones at an account: those of one address, and those of all.
	Failures(ctx context.Context, account, address string) (here, anywhere store.Failures, err error)
	// NoteFailure counts one more.
	NoteFailure(ctx context.Context, account, address string) error
	// ForgetFailures forgets those of one address at an account.
	ForgetFailures(ctx context.Context, account, address string) error
}

const (
	freeFailures = 4 // people mistype
	longestWait  = 5 * time.Minute
	longestDelay = 3 * time.Second
)

// check returns a tooMany error where this address has to wait before it tries this
// account again, and otherwise how late the answer is to come.
func (f *failures) check(ctx context.Context, account, address string) (time.Duration, error) {
	if f == nil {
		return 0, nil
	}
	here, anywhere, err := f.in.Failures(ctx, account, address)
	if err != nil {
		return 0, err
	}
	if here.Times > freeFailures {
		ago := max(0, time.Since(here.Last)) // another server's clock may be ahead
		if wait := doubled(time.Second, here.Times-freeFailures, longestWait) - ago; wait > 0 {
			return 0, &tooMany{wait}
		}
	}
	if anywhere.Times <= 2*freeFailures {
		return 0, nil
	}
	return doubled(50*time.Millisecond, anywhere.Times-2*freeFailures, longestDelay), nil
}

// note counts a failure, or forgets this address's at this account after a success.
func (f *failures) note(ctx context.Context, account, address string, success bool) error {
	switch {
	case f == nil:
		return nil
	case success:
		return f.in.ForgetFailures(ctx, account, address)
	default:
		return f.in.NoteFailure(ctx, account, address)
	}
}

type memoryFailures struct {
	byPair    *lru.Cache[string, store.Failures]
	byAccount *lru.Cache[string, store.Failures]
}

func newMemoryFailures() *memoryFailures {
	byPair, _ := lru.New[string, store.Failures](limitedKeys)
	byAccount, _ := lru.New[string, store.Failures](limitedKeys)
	return &memoryFailures{byPair, byAccount}
}

func pairKey(account, address string) string { return account + " " + address }

// Failures never fails; nor do the others.
func (m *memoryFailures) Failures(_ context.Context, account, address string) (here, anywhere store.Failures, err error) {
	return recent(m.byPair, pairKey(account, address)), recent(m.byAccount, account), nil
}

// NoteFailure counts one more.
func (m *memoryFailures) NoteFailure(_ context.Context, account, address string) error {
	countUp(m.byPair, pairKey(account, address))
	countUp(m.byAccount, account)
	return nil
}

// ForgetFailures forgets those of the pair.
func (m *memoryFailures) ForgetFailures(_ context.Context, account, address string) error {
	m.byPair.Remove(pairKey(account, address))
	return nil
}

func recent(counted *lru.Cache[string, store.Failures], key string) store.Failures {
	found, _ := counted.Get(key)
	if time.Since(found.Last) > store.FailuresKept {
		return store.Failures{}
	}
	return found
}

func countUp(counted *lru.Cache[string, store.Failures], key string) {
	counted.Add(key, store.Failures{Times: recent(counted, key).Times + 1, Last: time.Now()})
}

// doubled returns first, doubled for each time after the first, at most longest.
func doubled(first time.Duration, times int, longest time.Duration) time.Duration {
	for range min(times, 32) - 1 {
		first = min(2*first, longest)
	}
	return first
}

func accountKey(viewer *store.Session) string { return strconv.FormatInt(viewer.User.ID, 10) }
