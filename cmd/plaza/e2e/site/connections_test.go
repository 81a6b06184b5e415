package site

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestMoreConnectionsThanFiles opens more connections than the program may open files. They send nothing, or
// a header that never ends. The site still answers.
func TestMoreConnectionsThanFiles(t *testing.T) {
	t.Parallel()
	const files = 300
	s := e2etest.New(t)
	s.Change = func(cmd *exec.Cmd) {
		shell, err := exec.LookPath("sh")
		if err != nil {
			t.Fatal(err)
		}
		cmd.Args = append([]string{shell, "-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, files), cmd.Path}, cmd.Args[1:]...)
		cmd.Path = shell
	}
	s.Start()
	dialMany(s, 400)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: e2etest.Patience}
	for range 5 {
		began := time.Now()
		answer, err := client.Get(s.URL + "/healthz")
		if err != nil {
			t.Fatalf("while others are silent: %v", err)
		}
		if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("while others are silent, the answer is %s, %v", answer.Status, err)
		}
		t.Logf("answered after %v", time.Since(began))
	}
}

// TestIdleConnections opens many connections of one address. Few of them stay.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	dialMany(s, 1000)
	e2etest.Eventually(t, "few connections stay", func() bool {
		open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.Process.Process.Pid))
		return err == nil && len(open) < 256+64
	})
	if !s.IsHealthy() {
		t.Error("the site does not answer")
	}
}

// dialMany opens connections that send no request until the test ends.
func dialMany(s *e2etest.Site, count int) {
	s.T.Helper()
	for i := range count {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			s.T.Fatal(err)
		}
		s.T.Cleanup(func() { _ = conn.Close() })
		if i%2 == 0 {
			_, _ = conn.Write([]byte("GET / HTTP/1.1\r\nX-Slow: ")) // the site may have closed it
		}
	}
}
