// Package crash tests that no message is lost and every reader gets all messages when the program is
// killed, the network is bad, the disk is full, or a database or another server is away.
package crash

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestMain(m *testing.M) { os.Exit(e2etest.Run(m)) }
