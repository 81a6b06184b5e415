package store_test

import (
	"os"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

func TestMain(m *testing.M) {
	store.AddOtherJob()
	os.Exit(storetest.OnBoth(m, `^Test(Disk|Open|Locked|Checkpoint|Admin|File|ReadingGoesOn|Full|PowerCut|WorkOf)`))
}
