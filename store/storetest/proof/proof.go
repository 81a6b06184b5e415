// Package proof tells long tests how long to run. `make test` runs them short and `make proof` runs
// them whole.
package proof

import "os"

// Enabled tells whether tests run whole: the environment variable PLAZA_PROOF is 1.
func Enabled() bool { return os.Getenv("PLAZA_PROOF") == "1" }

// Times returns the number of repetitions of a test: few in `make test`, many in `make proof`.
func Times(short, long int) int {
	if Enabled() {
		return long
	}
	return short
}
