package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"plaza/store/storetest"
)

// binary is the program under test, built once as people get it.
var binary string

func TestMain(m *testing.M) {
	os.Exit(buildAndTest(m))
}

func buildAndTest(m *testing.M) int {
	folder, err := os.MkdirTemp("", "plaza-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary = filepath.Join(folder, "plaza")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build plaza: %v\n%s", err, out)
		return 1
	}
	defer stopBrowser()
	return m.Run()
}

// site is a running plaza.
type site struct {
	t        testing.TB
	url      string
	database string
	process  *exec.Cmd
	greeting string // what it printed before it was ready
}

// open starts a site on a fresh database and a free port.
func open(t testing.TB, flags ...string) *site {
	t.Helper()
	s := &site{t: t, database: filepath.Join(t.TempDir(), "plaza.db"), url: "http://" + freeAddress(t)}
	s.start(flags...)
	t.Cleanup(func() { s.kill() })
	return s
}

// start runs the program on the site's address and database until it is ready.
func (s *site) start(flags ...string) {
	s.t.Helper()
	address := strings.TrimPrefix(s.url, "http://")
	s.process = exec.Command(binary, append([]string{"serve", "--addr", address, "--db", s.database}, flags...)...)
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	s.greeting, err = lines.ReadString('\n')
	if err != nil {
		s.t.Fatalf("plaza did not start: %v", err)
	}
	go func() { _, _ = lines.WriteTo(discard{}) }()
	eventually(s.t, "the site is healthy", func() bool {
		answer, err := http.Get(s.url + "/healthz")
		if err != nil {
			return false
		}
		defer func() { _ = answer.Body.Close() }()
		return answer.StatusCode == http.StatusOK
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// kill ends the program as a power cut would.
func (s *site) kill() {
	if s.process.ProcessState == nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
	}
}

// stop asks the program to end and returns its exit status and how long that took.
func (s *site) stop() (int, time.Duration) {
	s.t.Helper()
	began := time.Now()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	_ = s.process.Wait()
	return s.process.ProcessState.ExitCode(), time.Since(began)
}

// register makes an account and returns a client that is signed in.
func (s *site) register(username string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	answer, err := client.PostForm(s.url+"/register", url.Values{
		"username": {username}, "email": {username + "@example.org"},
		"password": {storetest.Password}, "password_confirm": {storetest.Password},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("register %s: %s", username, answer.Status)
	}
	return client
}

// post sends a message as a page does and returns the status.
func (s *site) post(client *http.Client, body, nonce string) (int, error) {
	form := url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.url+"/messages", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("HX-Request", "true")
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

func (s *site) mustPost(client *http.Client, body string) {
	s.t.Helper()
	if status, err := s.post(client, body, body[:min(len(body), 64)]); err != nil || status != http.StatusNoContent {
		s.t.Fatalf("post %.40q: %d, %v", body, status, err)
	}
}

// freeAddress finds a port that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// patience is how long a test waits for what must come; how soon it comes is measured
// elsewhere.
const patience = 20 * time.Second

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}
