package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// By default the garbage collector lets garbage grow to the size of everything in use, stacks
// included. This garbage is most of an open page's cost. With few pages open it is little, and a
// lower percentage would cost posts an eighth more processor time. With many pages open it fills the
// machine, and collecting costs little beside sending to them all.
const (
	manyConnections = 500
	percentOfFew    = 100 // the runtime's own default
	percentOfMany   = 50
)

// saveMemory sets the garbage collector's percentage by the number of connections, until ctx ends. It
// does nothing if the operator has set GOGC.
func saveMemory(ctx context.Context, connections func() int) {
	if os.Getenv("GOGC") != "" {
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(percentOfFew))
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for now := percentOfFew; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		percent := percentOfFew
		if connections() >= manyConnections {
			percent = percentOfMany
		}
		if percent != now {
			debug.SetGCPercent(percent)
			now = percent
		}
	}
}
