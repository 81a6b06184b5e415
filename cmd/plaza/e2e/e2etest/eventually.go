package e2etest

import (
	"testing"
	"time"
)

// Patience is how long a test waits for a condition. It is long enough for a busy machine. Benchmarks
// measure how soon conditions hold.
const Patience = 90 * time.Second

// Eventually waits until a condition holds. The test fails if the condition does not hold within
// Patience. The sentence what says what the test waits for.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited %v in vain: %s", Patience, what)
}
