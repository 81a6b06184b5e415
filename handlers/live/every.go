package live

import (
	"context"
	"time"
)

// Every calls f once a period until ctx ends, and also when it receives from wake, which may be nil.
func Every(ctx context.Context, period time.Duration, wake <-chan struct{}, f func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-wake:
		}
		f()
	}
}
