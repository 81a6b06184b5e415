package site

import (
	"debug/buildinfo"
	"fmt"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

func TestVersion(t *testing.T) {
	built, err := buildinfo.ReadFile(e2etest.Binary())
	if err != nil {
		t.Fatal(err)
	}
	commit := "unknown" // a build without a repository has no commit
	for _, setting := range built.Settings {
		if setting.Key == "vcs.revision" {
			commit = setting.Value
		}
	}
	want := fmt.Sprintf("plaza %s, commit %s, %s\n", e2etest.Version, commit, built.GoVersion)
	for _, arguments := range [][]string{{"version"}, {"--version"}, {"serve", "--version"}} {
		if got := finish(t, command(t, arguments...)).succeeds(t); got != want {
			t.Errorf("%q prints %q, want %q", arguments, got, want)
		}
	}
}
