// Package browser tests what only a browser shows: what pages look like, and what they do as people
// read, write and move about, also while the program is killed.
package browser

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestMain(m *testing.M) {
	status := e2etest.Run(m)
	stopBrowser()
	os.Exit(status)
}
