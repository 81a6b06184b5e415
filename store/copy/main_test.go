package copy_test

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

// A test names its databases itself, so one run tests all ways between SQLite and PostgreSQL.
func TestMain(m *testing.M) { os.Exit(storetest.Once(m)) }
