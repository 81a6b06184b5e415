package e2etest

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"time"
)

var seed = flag.Uint64("seed", 0, "make the random choices of an earlier run again (0: new ones)")

// Chance is where the random choices of a test come from. Its seed repeats what is chosen:
// how long the site lives, how long people think, what the network does next. What the
// scheduler makes of it differs from run to run.
type Chance struct{ seed uint64 }

// NewChance takes the seed that was asked for, or a new one, and tells how to repeat it.
func NewChance(t testing.TB) Chance {
	t.Helper()
	c := Chance{*seed}
	for c.seed == 0 {
		c.seed = rand.Uint64() //nolint:gosec // no secret
	}
	t.Logf("to make the same random choices: go test -run '^%s$' -seed %d, in this package", t.Name(), c.seed)
	return c
}

// Of returns the choices of one part of a test, on which those of the others have no bearing.
func (c Chance) Of(part string) *rand.Rand {
	name := fnv.New64a()
	_, _ = name.Write([]byte(part))
	return rand.New(rand.NewPCG(c.seed, name.Sum64())) //nolint:gosec // no secret
}

// Between chooses a duration.
func Between(luck *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(luck.Int64N(int64(most-least)+1))
}
