package main

import (
	"bufio"
	"context"
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
)

// mostDrain is how long the program may take to end: service managers kill after that.
const mostDrain = 10 * time.Second

// dial opens a live stream as a page of the site does.
func (s *site) dial(client *http.Client, path string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, s.url+path, &websocket.DialOptions{
		HTTPClient: &http.Client{Jar: client.Jar}, // without a time limit, which would end the stream
		HTTPHeader: http.Header{"Origin": {s.url}},
	})
	if err == nil {
		socket.SetReadLimit(-1)
	}
	return socket, err
}

// connect opens a live stream that is closed at the test's end.
func (s *site) connect(client *http.Client, path string) *websocket.Conn {
	s.t.Helper()
	socket, err := s.dial(client, path)
	if err != nil {
		s.t.Fatalf("connect to %s: %v", path, err)
	}
	s.t.Cleanup(func() { _ = socket.CloseNow() })
	return socket
}

// closeCode reads a stream to its end and returns the code with which it was closed; -1
// where it was not, or without a word.
func closeCode(socket *websocket.Conn) websocket.StatusCode {
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	defer cancel()
	for {
		if _, _, err := socket.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// hears reads a stream until a text comes by; false where the stream ends before.
func hears(socket *websocket.Conn, text string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		_, frame, err := socket.Read(ctx)
		if err != nil || strings.Contains(string(frame), text) {
			return err == nil
		}
	}
}

// audience is many open streams, and how many were closed with which code.
type audience struct {
	reading sync.WaitGroup
	mu      sync.Mutex
	closed  map[websocket.StatusCode]int
}

// gather opens so many streams, of these people in turns.
func (s *site) gather(size int, people ...*http.Client) *audience {
	s.t.Helper()
	a := &audience{closed: map[websocket.StatusCode]int{}}
	var opening sync.WaitGroup
	for i := range size {
		opening.Add(1)
		a.reading.Go(func() {
			socket, err := s.dial(people[i%len(people)], "/ws?room=1&after=0")
			opening.Done()
			if err != nil {
				s.t.Errorf("connect: %v", err)
				return
			}
			code := closeCode(socket)
			a.mu.Lock()
			defer a.mu.Unlock()
			a.closed[code]++
		})
	}
	opening.Wait()
	return a
}

// slowPost begins a post whose body comes later. When it returns, the site is waiting for it.
func (s *site) slowPost(client *http.Client, body string) (finish func() int) {
	s.t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = connection.Close() })
	form := url.Values{"room": {"1"}, "body": {body}, "nonce": {body}}.Encode()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/messages", http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, cookie := range client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	fmt.Fprintf(connection, "POST /messages HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"HX-Request: true\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", request.Host, request.Header.Get("Cookie"), len(form))
	answers := bufio.NewReader(connection)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		s.t.Fatalf("the site answers %q, %v", line, err)
	}
	return func() int {
		fmt.Fprint(connection, form)
		_, _ = answers.ReadString('\n') // the end of 100 Continue
		answer, err := http.ReadResponse(answers, request)
		if err != nil {
			s.t.Fatalf("the post under way: %v", err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
}

func TestDrain(t *testing.T) {
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
			s := open(t, "--limits", "off")
			people := []*http.Client{s.register("ada"), s.register("bob")}
			audience := s.gather(test.streams, people...)
			talk := s.talk(people, "drained")
			eventually(t, "posts are confirmed", func() bool { return talk.confirmedSoFar() >= 20 })
			finish := s.slowPost(people[0], "under way")

			began := time.Now()
			s.signal(test.signal)
			eventually(t, "nobody can connect any more", s.refusesConnections)
			if status := finish(); status != http.StatusNoContent {
				t.Errorf("the post under way is answered with %d", status)
			}
			status := s.wait()
			if took := time.Since(began); status != 0 || took > mostDrain {
				t.Errorf("exit status %d after %v", status, took)
			} else {
				t.Logf("drained in %v", took)
			}
			audience.reading.Wait()
			if audience.closed[websocket.StatusServiceRestart] != test.streams {
				t.Errorf("how many streams were closed with which code: %v", audience.closed)
			}
			confirmed, _ := talk.end()
			s.start()
			s.holds(slices.Concat(confirmed, []string{"under way"}))
		})
	}
}

// refusesConnections tells whether nobody listens at the site's address.
func (s *site) refusesConnections() bool {
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err == nil {
		_ = connection.Close()
	}
	return err != nil
}

// TestDrainDoesNotWaitForTheDead checks that pages which take nothing, and never finish what
// they began, do not keep the program from ending.
func TestDrainDoesNotWaitForTheDead(t *testing.T) {
	s := open(t)
	ada := s.register("ada")
	s.connect(ada, "/ws?room=1&after=0") // from which nobody reads
	s.slowPost(ada, "never finished")
	if status, took := s.stop(); status != 0 || took > mostDrain {
		t.Errorf("exit status %d after %v", status, took)
	}
	s.start()
	if count := s.holds(nil); count != 0 {
		t.Errorf("%d messages are there", count)
	}
}
