package site

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
)

// The exit statuses that scripts go by.
const (
	failed  = 1
	misused = 2
)

// command is a run of the program that is to end by itself; one that does not is killed.
func command(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), e2etest.Patience)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, e2etest.Binary(), arguments...)
}

// outcome is what came of a command.
type outcome struct {
	out, err string
	status   int
}

// finish runs a command to its end.
func finish(t testing.TB, c *exec.Cmd) outcome {
	t.Helper()
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	if broken := c.Run(); c.ProcessState == nil {
		t.Fatalf("run %q: %v", c.Args, broken)
	}
	return outcome{out.String(), err.String(), c.ProcessState.ExitCode()}
}

// isRefused checks that nothing came of a command but a status and one line on standard
// error, which has these parts.
func (o outcome) isRefused(t testing.TB, status int, parts ...string) {
	t.Helper()
	if o.status != status {
		t.Errorf("exit status %d, want %d", o.status, status)
	}
	if o.out != "" {
		t.Errorf("prints %q", o.out)
	}
	if line, rest, found := strings.Cut(o.err, "\n"); !found || rest != "" || !strings.HasPrefix(line, "plaza: ") {
		t.Errorf("says %q, want one line", o.err)
	}
	for _, part := range parts {
		if !strings.Contains(o.err, part) {
			t.Errorf("says %q, which lacks %q", o.err, part)
		}
	}
}

// succeeds checks that a command did its work, and returns what it printed.
func (o outcome) succeeds(t testing.TB) string {
	t.Helper()
	if o.status != 0 || o.err != "" {
		t.Errorf("exit status %d, says %q", o.status, o.err)
	}
	return o.out
}

// with adds variables to the environment of a command.
func with(c *exec.Cmd, variables ...string) *exec.Cmd {
	c.Env = append(os.Environ(), variables...)
	return c
}
