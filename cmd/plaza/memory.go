package main

import (
	"context"
	"runtime/debug"
	"time"
)

// Most of what an open page costs is what the garbage collector lets pile up beside it: as
// much again as all that is in use, stacks included. With few pages open that is nothing, and
// collecting more often would cost posts an eighth more of the processor. With many, it is
// what fills the machine, while collecting costs little beside what is sent to them all.
const (
	manyConnections = 500
	percentOfFew    = 100 // the runtime's own default
	percentOfMany   = 50
)

// saveMemory has the garbage collector go by how many connections there are, until ctx ends.
func saveMemory(ctx context.Context, connections func() int) {
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
