package site

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plaza/cmd/plaza/e2e/e2etest"
)

// audience is many open streams. It counts their close codes.
type audience struct {
	reading sync.WaitGroup
	mu      sync.Mutex
	closed  map[websocket.StatusCode]int
}

// gather opens a number of streams, for these members in turn.
func gather(s *e2etest.Site, size int, people ...*http.Client) *audience {
	s.T.Helper()
	a := &audience{closed: map[websocket.StatusCode]int{}}
	var opening sync.WaitGroup
	for i := range size {
		opening.Add(1)
		a.reading.Go(func() {
			socket, err := s.Dial(people[i%len(people)], "/ws?room=1&after=0")
			opening.Done()
			if err != nil {
				s.T.Errorf("connect: %v", err)
				return
			}
			code := e2etest.CloseCode(socket)
			a.mu.Lock()
			defer a.mu.Unlock()
			a.closed[code]++
		})
	}
	opening.Wait()
	return a
}

// slowPost begins a post, and returns when the site waits for its body. finish sends the body and returns
// the status.
func slowPost(s *e2etest.Site, client *http.Client, body string) (finish func() int) {
	s.T.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(func() { _ = connection.Close() })
	form := url.Values{"room": {"1"}, "body": {body}, "nonce": {body}}.Encode()
	request, err := http.NewRequestWithContext(s.T.Context(), http.MethodPost, s.URL+"/messages", http.NoBody)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, cookie := range client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	fmt.Fprintf(connection, "POST /messages HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"HX-Request: true\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", request.Host, request.Header.Get("Cookie"), len(form))
	answers := bufio.NewReader(connection)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		s.T.Fatalf("the site answers %q, %v", line, err)
	}
	return func() int {
		fmt.Fprint(connection, form)
		_, _ = answers.ReadString('\n') // the end of 100 Continue
		answer, err := http.ReadResponse(answers, request)
		if err != nil {
			s.T.Fatalf("read the answer to the post under way: %v", err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
}

func TestDrain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		signal  os.Signal
		streams int
	}{
		{"SIGTERM with 1,000 streams", syscall.SIGTERM, 1000},
		{"SIGINT", syscall.SIGINT, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := e2etest.Open(t, "--limits", "off")
			people := s.Newcomers("ada", "bob")
			audience := gather(s, test.streams, people...)
			talk := s.Talk(people, "drained")
			e2etest.Eventually(t, "posts are confirmed", func() bool { return talk.Confirmed() >= 20 })
			finish := slowPost(s, people[0], "under way")

			s.Signal(test.signal)
			e2etest.Eventually(t, "the site refuses connections", func() bool { return refusesConnections(s) })
			if status := finish(); status != http.StatusNoContent {
				t.Errorf("the answer to the post under way has status %d", status)
			}
			if status := s.Wait(); status != 0 {
				t.Errorf("exit status %d", status)
			}
			audience.reading.Wait()
			if audience.closed[websocket.StatusServiceRestart] != test.streams {
				t.Errorf("the streams by close code: %v", audience.closed)
			}
			confirmed, _ := talk.End()
			s.Start()
			s.Holds(slices.Concat(confirmed, []string{"under way"}))
		})
	}
}

// refusesConnections tells whether no program listens on the site's address.
func refusesConnections(s *e2etest.Site) bool {
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err == nil {
		_ = connection.Close()
	}
	return err != nil
}

// leaveDead opens a stream that nobody reads, and begins a post that never ends.
func leaveDead(s *e2etest.Site, client *http.Client) {
	s.T.Helper()
	s.Connect(client, "/ws?room=1&after=0") // nobody reads it
	slowPost(s, client, "never finished")
}

// TestDrainDoesNotWaitForTheDead checks that the program ends although a page reads nothing and a post
// does not end.
func TestDrainDoesNotWaitForTheDead(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	leaveDead(s, s.Newcomer("ada"))
	if status := s.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	s.Start()
	if count := s.Holds(nil); count != 0 {
		t.Errorf("the log has %d messages", count)
	}
}

// BenchmarkDrain measures how long the program takes to end. Service managers kill it after 10 s.
func BenchmarkDrain(b *testing.B) {
	for name, open := range map[string]func(s *e2etest.Site, client *http.Client){
		"1,000 streams": func(s *e2etest.Site, client *http.Client) { gather(s, 1000, client) },
		"the dead":      leaveDead,
	} {
		b.Run(name, func(b *testing.B) {
			s := e2etest.Open(b, "--limits", "off")
			client := s.Newcomer("ada")
			var draining time.Duration
			count := 0.0
			for b.Loop() {
				open(s, client)
				began := time.Now()
				if status := s.Stop(); status != 0 {
					b.Errorf("exit status %d", status)
				}
				draining += time.Since(began)
				count++
				s.Start("--limits", "off")
			}
			b.ReportMetric(1000*draining.Seconds()/count, "ms/drain")
			b.ReportMetric(0, "ns/op") // it would include the start
		})
	}
}
