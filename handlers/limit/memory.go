package limit

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"plaza/store"
)

// memoryKeys is how many accounts or addresses are kept in memory for each limit. The least
// recently seen are forgotten, so that memory is bounded.
const memoryKeys = 50_000

type memoryBuckets struct {
	byKey *lru.Cache[string, *rate.Limiter]
}

// MemoryBuckets returns buckets for one limiter, in the memory of this server.
func MemoryBuckets() Buckets {
	// lru.New only fails on a size that is not positive.
	byKey, _ := lru.New[string, *rate.Limiter](memoryKeys)
	return memoryBuckets{byKey}
}

// TakeToken implements Buckets. It never fails.
func (m memoryBuckets) TakeToken(_ context.Context, limit store.Limit, key string) (time.Duration, error) {
	full := rate.NewLimiter(rate.Every(limit.Every), limit.Burst)
	bucket, found, _ := m.byKey.PeekOrAdd(key, full)
	if found {
		m.byKey.Get(key) // so that it is not the next to be forgotten
	} else {
		bucket = full
	}
	reservation := bucket.Reserve()
	wait := reservation.Delay()
	if wait > 0 {
		reservation.Cancel()
	}
	return wait, nil
}

type memoryFailures struct {
	byPair    *lru.Cache[string, store.Failures]
	byAccount *lru.Cache[string, store.Failures]
}

// MemoryFailures returns counts in the memory of this server.
func MemoryFailures() FailureCounts {
	byPair, _ := lru.New[string, store.Failures](memoryKeys)
	byAccount, _ := lru.New[string, store.Failures](memoryKeys)
	return &memoryFailures{byPair, byAccount}
}

func pairKey(account, source string) string { return account + " " + source }

// Failures implements FailureCounts. It never fails, nor do the other methods.
func (m *memoryFailures) Failures(
	_ context.Context, account string, sources []string,
) (from []store.Failures, all store.Failures, err error) {
	for _, source := range sources {
		from = append(from, recent(m.byPair, pairKey(account, source)))
	}
	return from, recent(m.byAccount, account), nil
}

// NoteFailure implements FailureCounts.
func (m *memoryFailures) NoteFailure(_ context.Context, account string, sources []string) error {
	for _, source := range sources {
		countUp(m.byPair, pairKey(account, source))
	}
	countUp(m.byAccount, account)
	return nil
}

// ForgetFailures implements FailureCounts.
func (m *memoryFailures) ForgetFailures(_ context.Context, account string, sources []string) error {
	for _, source := range sources {
		m.byPair.Remove(pairKey(account, source))
	}
	return nil
}

func recent(counts *lru.Cache[string, store.Failures], key string) store.Failures {
	found, _ := counts.Get(key)
	if time.Since(found.Last) > store.FailuresKept {
		return store.Failures{}
	}
	return found
}

func countUp(counts *lru.Cache[string, store.Failures], key string) {
	counts.Add(key, store.Failures{Times: recent(counts, key).Times + 1, Last: time.Now()})
}
