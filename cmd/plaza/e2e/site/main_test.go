// Package site tests the program for people who run a site: its command line and accounts, how it starts
// and ends, how much of the machine it takes, and how it survives hostile clients.
package site

import (
	"os"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestMain(m *testing.M) { os.Exit(e2etest.Run(m)) }
