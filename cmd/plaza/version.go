package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/alecthomas/kong"
)

// version comes from the newest tag. The Makefile sets it.
var version = "development"

type versionCommand struct{}

func (versionCommand) Run(t terminal) error {
	commit := "unknown"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range build.Settings {
			if setting.Key == "vcs.revision" {
				commit = setting.Value
			}
		}
	}
	_, err := fmt.Fprintf(t.out, "plaza %s, commit %s, %s\n", version, commit, runtime.Version())
	return err
}

// versionFlag is what people try before they read the help.
type versionFlag bool

// BeforeReset prints the version before anything else is looked at.
func (versionFlag) BeforeReset(app *kong.Kong, t terminal) error {
	defer app.Exit(0)
	return versionCommand{}.Run(t)
}
