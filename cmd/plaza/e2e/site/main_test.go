// Package site tests what people who run a site do with the program: its command line, its accounts, how
// it starts and ends, what it takes of the machine, and what it bears from hostile clients.
package site

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestMain(m *testing.M) { os.Exit(e2etest.Run(m)) }
