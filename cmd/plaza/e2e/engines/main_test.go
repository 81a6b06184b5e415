// Package engines tells the main story of the site in Firefox and in WebKit. Package browser tests the rest
// in Chromium.
package engines

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestMain(m *testing.M) { os.Exit(e2etest.Run(m)) }
