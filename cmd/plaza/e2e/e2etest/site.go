// Package e2etest runs plaza's binary for tests: the process, its members, and the contents of its
// database.
package e2etest

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Site is a site that a test serves with the binary.
type Site struct {
	T        testing.TB
	URL      string
	Database string
	Change   func(*exec.Cmd) // changes the process before it starts; may be nil
	Process  *exec.Cmd
	Starting time.Duration // from the start of the process until it listened
	Greeting string        // the first line it prints; once it has ended, all lines

	printing sync.WaitGroup // ends once Greeting has all lines
}

// Open starts a site on a fresh database and a free port.
func Open(t testing.TB, flags ...string) *Site {
	t.Helper()
	s := New(t)
	s.Start(flags...)
	return s
}

// New returns a site that has not started. The test's end kills it.
func New(t testing.TB) *Site {
	t.Helper()
	s := &Site{T: t, Database: filepath.Join(t.TempDir(), "plaza.db"), URL: "http://" + FreeAddress(t)}
	t.Cleanup(s.Kill)
	return s
}

// Start starts the program on the site's address and database, and waits until it is healthy.
func (s *Site) Start(flags ...string) {
	s.T.Helper()
	address := strings.TrimPrefix(s.URL, "http://")
	s.Launch(append([]string{"serve", "--addr", address, "--db", s.Database}, flags...)...)
}

// Launch starts the program with these arguments, and waits until it is healthy. The arguments must make
// it serve the site's address.
func (s *Site) Launch(arguments ...string) {
	s.T.Helper()
	s.Process = exec.Command(binary, arguments...) //nolint:gosec // the program under test
	s.Process.Stderr = os.Stderr
	if s.Change != nil {
		s.Change(s.Process)
	}
	out, err := s.Process.StdoutPipe()
	if err != nil {
		s.T.Fatal(err)
	}
	// Idle connections to an earlier process would fail the next requests.
	http.DefaultClient.CloseIdleConnections()
	began := time.Now()
	if err := s.Process.Start(); err != nil {
		s.T.Fatal(err)
	}
	lines := bufio.NewReader(out)
	s.Greeting, err = lines.ReadString('\n')
	s.Starting = time.Since(began)
	if err != nil {
		s.T.Fatalf("plaza did not start: %v", err)
	}
	s.printing.Go(func() {
		rest, _ := io.ReadAll(lines)
		s.Greeting += string(rest)
	})
	Eventually(s.T, "the site is healthy", s.IsHealthy)
}

// IsHealthy tells whether the site answers that it is healthy.
func (s *Site) IsHealthy() bool {
	answer, err := http.Get(s.URL + "/healthz")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// Kill ends the program with SIGKILL. It does nothing if the program is not running.
func (s *Site) Kill() {
	if s.Process != nil && s.Process.ProcessState == nil {
		_ = s.Process.Process.Kill()
		s.printing.Wait()
		_ = s.Process.Wait()
	}
}

// Stop sends the program SIGTERM, waits for its end and returns its exit status.
func (s *Site) Stop() int {
	s.T.Helper()
	s.Signal(syscall.SIGTERM)
	return s.Wait()
}

// Signal sends the program a signal.
func (s *Site) Signal(signal os.Signal) {
	s.T.Helper()
	if err := s.Process.Process.Signal(signal); err != nil {
		s.T.Fatal(err)
	}
}

// Wait waits until the program ends and returns its exit status. After Patience, it kills the program.
func (s *Site) Wait() int {
	late := time.AfterFunc(Patience, func() { _ = s.Process.Process.Kill() })
	defer late.Stop()
	s.printing.Wait()
	_ = s.Process.Wait()
	return s.Process.ProcessState.ExitCode()
}
