package limit

import (
	"context"
	"time"

	"plaza/store"
)

const (
	freeFailures = 4 // people mistype
	longestWait  = 5 * time.Minute
	longestDelay = 3 * time.Second
)

// FailureCounts counts failures to sign in, in memory or in the store.
type FailureCounts interface {
	// Failures returns the recent failures at an account: those from each source, and those from all.
	Failures(ctx context.Context, account string, sources []string) (from []store.Failures, all store.Failures, err error)
	// NoteFailure counts one more failure.
	NoteFailure(ctx context.Context, account string, sources []string) error
	// ForgetFailures forgets the failures of sources at an account.
	ForgetFailures(ctx context.Context, account string, sources []string) error
}

// Attempt is an attempt to sign in.
type Attempt struct {
	Account string // the same text for all logins of an account
	Address string
	Browser string // the browser, if somebody has signed in to the account with it before; otherwise ""
}

// Key is the same text for the attempts that Parallel should count together. A browser that the
// account knows counts alone, so that strangers take no place from it.
func (a Attempt) Key() string { return a.Account + " " + a.Browser }

// networks returns where the attempt comes from. A browser that the account knows counts as itself,
// wherever it is, so that strangers in its network make it wait for nothing.
func (a Attempt) networks() []Network {
	if a.Browser != "" {
		return []Network{{"browser " + a.Browser, 1}}
	}
	return Networks(a.Address)
}

func (a Attempt) sources() []string {
	var keys []string
	for _, from := range a.networks() {
		keys = append(keys, from.Key)
	}
	return keys
}

// Failures slows down guessing at passwords. A nil Failures does not.
//
// A network that fails at an account has to wait, each time twice as long. If an account is
// failed at from many networks, every answer about it to a browser that it does not know comes
// late, by a bounded time. The answer still comes, so no stranger can lock a user out.
type Failures struct{ counts FailureCounts }

// NewFailures returns a Failures that goes by counts.
func NewFailures(counts FailureCounts) *Failures { return &Failures{counts} }

// Check returns a *TooMany error if the caller has to wait before the next attempt at the account.
// Otherwise it returns how long to delay the answer.
func (f *Failures) Check(ctx context.Context, a Attempt) (time.Duration, error) {
	if f == nil {
		return 0, nil
	}
	from, all, err := f.counts.Failures(ctx, a.Account, a.sources())
	if err != nil {
		return 0, err
	}
	for i, network := range a.networks() {
		over := from[i].Times - freeFailures*network.Addresses
		if over <= 0 {
			continue
		}
		ago := max(0, time.Since(from[i].Last)) // another server's clock may be ahead
		if wait := doubled(time.Second, over, longestWait) - ago; wait > 0 {
			return 0, &TooMany{wait}
		}
	}
	if all.Times <= 2*freeFailures || a.Browser != "" {
		return 0, nil
	}
	return doubled(50*time.Millisecond, all.Times-2*freeFailures, longestDelay), nil
}

// Record counts a failure. After a success it forgets the failures of where the attempt came from.
func (f *Failures) Record(ctx context.Context, a Attempt, success bool) error {
	switch {
	case f == nil:
		return nil
	case success:
		return f.counts.ForgetFailures(ctx, a.Account, a.sources())
	default:
		return f.counts.NoteFailure(ctx, a.Account, a.sources())
	}
}

// doubled returns first, doubled for each time after the first, at most longest.
func doubled(first time.Duration, times int, longest time.Duration) time.Duration {
	for range min(times, 32) - 1 {
		first = min(2*first, longest)
	}
	return first
}
