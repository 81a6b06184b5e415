package certificate

import (
	"os"
	"testing"

	"plaza/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.OnBoth(m, "^(TestFiles|TestSentences)")) }
