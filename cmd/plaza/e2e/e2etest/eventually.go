package e2etest

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what must come. It is long enough for a machine that is
// busy with other work: how soon things come is for benchmarks.
const Patience = 90 * time.Second

// Eventually waits until a condition holds. The test fails where it does not within Patience.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}
