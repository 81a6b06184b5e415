package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	if err := build(); err != nil {
		fmt.Fprintf(os.Stderr, "build plaza: %v\n", err)
		return 1
	}
	defer stopBrowser()
	return m.Run()
}

// builtVersion is the version that the binary is built with.
const builtVersion = "v1.2.3-test"

// build makes the binary by the Makefile's recipe, so that what is tested is what people get.
func build() error {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		return err
	}
	_, recipe, found := strings.Cut(string(makefile), "GO_BUILD := ")
	if !found {
		return errors.New("the Makefile has no GO_BUILD")
	}
	recipe, _, _ = strings.Cut(recipe, "\n")
	recipe = strings.ReplaceAll(recipe, "$(VERSION)", builtVersion)
	if out, err := exec.Command("sh", "-c", recipe+` -o "$0" .`, binary).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// site is a running plaza.
type site struct {
	t        testing.TB
	url      string
	database string
	change   func(*exec.Cmd) // what is to be different about its process; nil: nothing
	process  *exec.Cmd
	starting time.Duration  // how long it took until it listened
	greeting string         // what it printed; while it runs, the first line
	printing sync.WaitGroup // until all that it prints is in the greeting
}

// open starts a site on a fresh database and a free port.
func open(t testing.TB, flags ...string) *site {
	t.Helper()
	s := newSite(t)
	s.start(flags...)
	return s
}

// newSite is a site that has yet to be started; it is killed at the test's end.
func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, database: filepath.Join(t.TempDir(), "plaza.db"), url: "http://" + freeAddress(t)}
	t.Cleanup(s.kill)
	return s
}

// start runs the program on the site's address and database until it is ready.
func (s *site) start(flags ...string) {
	s.t.Helper()
	address := strings.TrimPrefix(s.url, "http://")
	s.launch(append([]string{"serve", "--addr", address, "--db", s.database}, flags...)...)
}

// launch runs the program, which is to serve the site's address, until it is ready.
func (s *site) launch(arguments ...string) {
	s.t.Helper()
	s.process = exec.Command(binary, arguments...)
	s.process.Stderr = os.Stderr
	if s.change != nil {
		s.change(s.process)
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	// What is left of connections to an earlier process would fail the next requests.
	http.DefaultClient.CloseIdleConnections()
	began := time.Now()
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	s.greeting, err = lines.ReadString('\n')
	s.starting = time.Since(began)
	if err != nil {
		s.t.Fatalf("plaza did not start: %v", err)
	}
	s.printing.Go(func() {
		rest, _ := io.ReadAll(lines)
		s.greeting += string(rest)
	})
	eventually(s.t, "the site is healthy", s.isHealthy)
}

func (s *site) isHealthy() bool {
	answer, err := http.Get(s.url + "/healthz")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// kill ends the program as a power cut would.
func (s *site) kill() {
	if s.process != nil && s.process.ProcessState == nil {
		_ = s.process.Process.Kill()
		s.printing.Wait()
		_ = s.process.Wait()
	}
}

// stop asks the program to end and returns its exit status and how long that took.
func (s *site) stop() (int, time.Duration) {
	s.t.Helper()
	began := time.Now()
	s.signal(syscall.SIGTERM)
	return s.wait(), time.Since(began)
}

func (s *site) signal(signal os.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
}

// wait waits until the program ends and returns its exit status; one that does not end is
// killed.
func (s *site) wait() int {
	late := time.AfterFunc(patience, func() { _ = s.process.Process.Kill() })
	defer late.Stop()
	s.printing.Wait()
	_ = s.process.Wait()
	return s.process.ProcessState.ExitCode()
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
	return s.postTo("1", client, body, nonce)
}

// postTo is post for any room.
func (s *site) postTo(room string, client *http.Client, body, nonce string) (int, error) {
	form := url.Values{"room": {room}, "body": {body}, "nonce": {nonce}}
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
	s.mustPostTo("1", client, body)
}

func (s *site) mustPostTo(room string, client *http.Client, body string) {
	s.t.Helper()
	if status, err := s.postTo(room, client, body, body[:min(len(body), 64)]); err != nil || status != http.StatusNoContent {
		s.t.Fatalf("post %.40q: %d, %v", body, status, err)
	}
}

// fill sends a form, and returns where that leads.
func (s *site) fill(client *http.Client, path string, form url.Values) string {
	s.t.Helper()
	answer, err := client.PostForm(s.url+path, form)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("send the form of %s: %s, %v", path, answer.Status, err)
	}
	return answer.Request.URL.Path
}

// group makes a group of people whose names are a prefix and a number, all friends of the first,
// and returns its room.
func (s *site) group(prefix string, people []*http.Client) string {
	s.t.Helper()
	chosen := url.Values{"name": {"A group"}}
	for i, person := range people[1:] {
		name := fmt.Sprint(prefix, i+1)
		s.fill(people[0], "/friends/"+name+"/request", nil)
		s.fill(person, "/friends/"+prefix+"0/accept", nil)
		chosen.Add("people", name)
	}
	return strings.TrimPrefix(s.fill(people[0], "/dm/new", chosen), "/rooms/")
}

// nextPort counts the ports that tests listen on, from below those that the kernel gives to
// connections (32768 and up on Linux): a client that tries again and again to reach a site
// that was killed would otherwise be given the site's own port some day, and keep it.
var nextPort = func() *atomic.Int32 {
	var port atomic.Int32
	port.Store(int32(20_000 + rand.N(10_000))) // another test run may be under way
	return &port
}()

// freeAddress finds a port that nobody listens on, and that no other test gets.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", nextPort.Add(1))
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// patience is how long a test waits for what must come; how soon it comes is measured
// elsewhere.
const patience = 40 * time.Second

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
