package e2etest

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"time"
)

var seed = flag.Uint64("seed", 0, "repeat the random choices of an earlier run (0: make new ones)")

// Chance is the source of a test's random choices: how long the site runs, how long authors wait, what
// the network does next. The same seed makes the same choices, but the scheduler still differs from run
// to run.
type Chance struct{ seed uint64 }

// NewChance takes the seed of the -seed flag, or a new one, and logs how to repeat it.
func NewChance(t testing.TB) Chance {
	t.Helper()
	c := Chance{*seed}
	for c.seed == 0 {
		c.seed = rand.Uint64() //nolint:gosec // no secret
	}
	t.Logf("to make the same random choices: go test -run '^%s$' -seed %d, in this package", t.Name(), c.seed)
	return c
}

// Of returns the choices of one part of a test. They do not depend on the choices of other parts.
func (c Chance) Of(part string) *rand.Rand {
	name := fnv.New64a()
	_, _ = name.Write([]byte(part))
	return rand.New(rand.NewPCG(c.seed, name.Sum64())) //nolint:gosec // no secret
}

// Between chooses a duration from least to most, both included.
func Between(luck *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(luck.Int64N(int64(most-least)+1))
}
