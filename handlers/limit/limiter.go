// Package limit bounds how often a user or an address may do something, and slows down guessing
// at passwords.
package limit

import (
	"context"
	"fmt"
	"math"
	"time"

	"plaza/store"
)

// TooMany is the error of a caller that asks too often.
type TooMany struct{ Wait time.Duration } // until the caller may ask again

// Error implements error.
func (t *TooMany) Error() string { return fmt.Sprintf("too many requests: wait %s", t.Wait) }

// Seconds returns the wait in whole seconds, rounded up, as a Retry-After header has it.
func (t *TooMany) Seconds() int { return int(math.Ceil(t.Wait.Seconds())) }

// Buckets keeps the token buckets of a limiter, in memory or in the store.
type Buckets interface {
	// TakeToken takes a token from the bucket of a key. If the bucket is empty, it takes nothing
	// and returns the time until there is a token.
	TakeToken(ctx context.Context, limit store.Limit, key string) (time.Duration, error)
}

// Limiter gives each key, an account or an address, a token bucket. A nil Limiter allows everything.
type Limiter struct {
	limit   store.Limit
	buckets Buckets
}

// New returns a limiter. Limiters with buckets in memory do not share them.
func New(limit store.Limit, buckets Buckets) *Limiter { return &Limiter{limit, buckets} }

// Allow takes a token from the bucket of a key. It returns a *TooMany error if there is none.
func (l *Limiter) Allow(ctx context.Context, key string) error {
	if l == nil {
		return nil
	}
	return l.take(ctx, l.limit, key)
}

// AllowAddress takes a token from the bucket of an IP address. IPv6 addresses share two buckets: a
// small one with their /64, and a larger one with their /48.
func (l *Limiter) AllowAddress(ctx context.Context, address string) error {
	if l == nil {
		return nil
	}
	for _, network := range Networks(address) {
		limit := l.limit
		limit.Burst, limit.Every = limit.Burst*network.Addresses, limit.Every/time.Duration(network.Addresses)
		if err := l.take(ctx, limit, network.Key); err != nil {
			return err
		}
	}
	return nil
}

func (l *Limiter) take(ctx context.Context, limit store.Limit, key string) error {
	wait, err := l.buckets.TakeToken(ctx, limit, key)
	if err == nil && wait > 0 {
		err = &TooMany{wait}
	}
	return err
}
