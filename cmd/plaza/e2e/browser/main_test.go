// Package browser tests what only a browser shows: how pages look, and what they do while people read,
// write and scroll, or while the program is killed.
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
