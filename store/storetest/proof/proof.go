// Package proof tells long tests how long they may be. `make test` runs them small and
// `make proof` runs them whole.
package proof

import "os"

// Enabled reports whether tests run whole: the environment variable PLAZA_PROOF is 1.
func Enabled() bool { return os.Getenv("PLAZA_PROOF") == "1" }

// Times returns how often a test repeats something: short in `make test`, long in `make proof`.
func Times(short, long int) int {
	if Enabled() {
		return long
	}
	return short
}
