package copy_test

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

// Tests choose their databases themselves. So one run tests all directions between SQLite and
// PostgreSQL.
func TestMain(m *testing.M) { os.Exit(storetest.Once(m)) }
