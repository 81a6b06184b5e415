package database_test

import (
	"fmt"
	"os"
	"testing"

	"plaza/store/postgrestest"
)

// server is the PostgreSQL server of all tests.
var server *postgrestest.Server

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) (status int) {
	var err error
	if server, err = postgrestest.Start("fsync=off"); err != nil {
		fmt.Fprintln(os.Stderr, "cannot test on PostgreSQL:", err)
		return 1
	}
	defer func() {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "cannot stop PostgreSQL:", err)
			status = 1
		}
	}()
	return m.Run()
}
