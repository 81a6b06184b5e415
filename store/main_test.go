package store_test

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

func TestMain(m *testing.M) {
	os.Exit(storetest.OnBoth(m, `^Test(Disk|Open|Locked|Checkpoint|Admin|File|ReadingGoesOn|Full|PowerCut|WorkOf)`))
}
