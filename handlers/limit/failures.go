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
	// Failures returns the recent failures at an account: from one address, and from all.
	Failures(ctx context.Context, account, address string) (here, anywhere store.Failures, err error)
	// NoteFailure counts one more failure.
	NoteFailure(ctx context.Context, account, address string) error
	// ForgetFailures forgets the failures of one address at an account.
	ForgetFailures(ctx context.Context, account, address string) error
}

// Failures slows down guessing at passwords. A nil Failures does not.
//
// An address that fails at an account has to wait, each time twice as long. If an account is
// failed at from many addresses, every answer about it comes late, by a bounded time. The answer
// still comes, so no stranger can lock a user out.
type Failures struct{ counts FailureCounts }

// NewFailures returns a Failures that goes by counts.
func NewFailures(counts FailureCounts) *Failures { return &Failures{counts} }

// Check returns a *TooMany error if the address has to wait before it tries the account again.
// Otherwise it returns how long to delay the answer.
func (f *Failures) Check(ctx context.Context, account, address string) (time.Duration, error) {
	if f == nil {
		return 0, nil
	}
	here, anywhere, err := f.counts.Failures(ctx, account, address)
	if err != nil {
		return 0, err
	}
	if here.Times > freeFailures {
		ago := max(0, time.Since(here.Last)) // another server's clock may be ahead
		if wait := doubled(time.Second, here.Times-freeFailures, longestWait) - ago; wait > 0 {
			return 0, &TooMany{wait}
		}
	}
	if anywhere.Times <= 2*freeFailures {
		return 0, nil
	}
	return doubled(50*time.Millisecond, anywhere.Times-2*freeFailures, longestDelay), nil
}

// Record counts a failure. After a success it forgets the failures of the address at the account.
func (f *Failures) Record(ctx context.Context, account, address string, success bool) error {
	switch {
	case f == nil:
		return nil
	case success:
		return f.counts.ForgetFailures(ctx, account, address)
	default:
		return f.counts.NoteFailure(ctx, account, address)
	}
}

// doubled returns first, doubled for each time after the first, at most longest.
func doubled(first time.Duration, times int, longest time.Duration) time.Duration {
	for range min(times, 32) - 1 {
		first = min(2*first, longest)
	}
	return first
}
