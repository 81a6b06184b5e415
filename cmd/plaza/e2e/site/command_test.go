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

// The exit statuses that scripts rely on.
const (
	failed  = 1
	misused = 2
)

// command returns a run of the program that must end by itself. After Patience it is killed.
func command(t testing.TB, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), e2etest.Patience)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, e2etest.Binary(), arguments...)
}

// outcome is the output and the exit status of a command.
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

// isRefused checks that a command ended with a status and one line on standard error that has these
// parts, and printed nothing else.
func (o outcome) isRefused(t testing.TB, status int, parts ...string) {
	t.Helper()
	if o.status != status {
		t.Errorf("exit status %d, want %d", o.status, status)
	}
	if o.out != "" {
		t.Errorf("standard output is %q, want none", o.out)
	}
	if line, rest, found := strings.Cut(o.err, "\n"); !found || rest != "" || !strings.HasPrefix(line, "plaza: ") {
		t.Errorf("standard error is %q, want one line", o.err)
	}
	for _, part := range parts {
		if !strings.Contains(o.err, part) {
			t.Errorf("standard error is %q, want %q in it", o.err, part)
		}
	}
}

// succeeds checks that a command ended with status 0 and no error, and returns its output.
func (o outcome) succeeds(t testing.TB) string {
	t.Helper()
	if o.status != 0 || o.err != "" {
		t.Errorf("exit status %d, standard error %q, want 0 and none", o.status, o.err)
	}
	return o.out
}

// with adds variables to a command's environment.
func with(c *exec.Cmd, variables ...string) *exec.Cmd {
	c.Env = append(os.Environ(), variables...)
	return c
}
