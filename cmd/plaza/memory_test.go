package main

import (
	"context"
	"os"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

// The number of connections sets the garbage collector's percentage, unless the operator has set it.
func TestSaveMemory(t *testing.T) {
	tests := []struct {
		name, gogc                 string
		connections, before, after int
	}{
		{"few connections", "", 499, 100, percentOfFew},
		{"many connections", "", 500, 100, percentOfMany},
		{"the operator's choice", "37", 500, 37, 37},
		{"no collection", "off", 500, -1, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("GOGC", test.gogc)
			if test.gogc == "" {
				if err := os.Unsetenv("GOGC"); err != nil {
					t.Fatal(err)
				}
			}
			defer debug.SetGCPercent(debug.SetGCPercent(test.before))
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				go saveMemory(ctx, func() int { return test.connections })
				time.Sleep(3 * time.Second)
				synctest.Wait()
				if got := debug.SetGCPercent(test.before); got != test.after {
					t.Errorf("with GOGC=%q and %d connections it is %d, want %d",
						test.gogc, test.connections, got, test.after)
				}
				stop()
			})
		})
	}
}
