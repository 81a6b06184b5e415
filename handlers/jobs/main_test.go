package jobs_test

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

// onceOnly names the tests that are about mail alone, whatever keeps the jobs.
const onceOnly = `^Test(SMTP|Mail)`

func TestMain(m *testing.M) { os.Exit(storetest.OnBoth(m, onceOnly)) }
