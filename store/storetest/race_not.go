//go:build !race

package storetest

// WatchesRaces tells whether the race detector watches the tests.
const WatchesRaces = false
