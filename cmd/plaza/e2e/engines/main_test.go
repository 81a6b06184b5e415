// Package engines tells the main story of the site in Firefox and in WebKit. Package browser tests the rest
// in Chromium.
package engines

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// TestMain runs the story in make proof alone, which installs the browsers.
func TestMain(m *testing.M) {
	if proof.Enabled() {
		os.Exit(e2etest.Run(m))
	}
}
