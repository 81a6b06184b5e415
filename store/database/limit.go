package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errLate says that a database across a network gave no answer within the time limit.
var errLate = fmt.Errorf("%w: no answer in time", ErrAway)

// withLimit returns a context that ends after a limit; 0 is none.
func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, limit, errLate)
}

// orLate returns err, and makes it an errLate if it comes of a limit that has passed.
func orLate(limited context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(limited), errLate) {
		return fmt.Errorf("%w: %w", errLate, err)
	}
	return err
}
