//go:build race

package storetest

// watchesRaces tells whether the race detector watches the tests.
const watchesRaces = true
