package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// stall opens a stream and never reads of it: the kernel's buffers on both sides fill up.
func (s *site) stall(client *http.Client) net.Conn {
	s.t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = connection.Close() })
	if err := connection.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+"/ws?room=1&after=0", http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, cookie := range client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	request.Header.Set("Origin", s.url)
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	if err := request.Write(connection); err != nil {
		s.t.Fatal(err)
	}
	status := make([]byte, len("HTTP/1.1 101"))
	if _, err := io.ReadFull(connection, status); err != nil || !strings.HasSuffix(string(status), "101") {
		s.t.Fatalf("a stream is answered with %q, %v", status, err)
	}
	return connection
}

// listeners are streams that read along from the first message on, and how many each has
// heard. One that is cut, as where this process is too busy to answer a ping, comes back.
type listeners struct {
	heard   []atomic.Int64
	reading sync.WaitGroup
}

func (s *site) listen(client *http.Client, count int) *listeners {
	s.t.Helper()
	l := &listeners{heard: make([]atomic.Int64, count)}
	for i := range count {
		socket := s.connect(client, "/ws?room=1&after=0")
		l.reading.Go(func() {
			for s.t.Context().Err() == nil {
				_, frame, err := socket.Read(s.t.Context())
				if err == nil {
					l.heard[i].Add(int64(strings.Count(string(frame), "<article")))
				} else if again, err := s.dial(client, fmt.Sprintf("/ws?room=1&after=%d", l.heard[i].Load())); err == nil {
					socket = again
				}
			}
			_ = socket.CloseNow()
		})
	}
	return l
}

// haveAll tells whether each has heard so many messages.
func (l *listeners) haveAll(messages int) bool {
	for i := range l.heard {
		if l.heard[i].Load() < int64(messages) {
			return false
		}
	}
	return true
}

// TestStalledReaders checks that those who never read cost others nothing and the site little,
// and are closed. It measures, so it runs beside no other test.
func TestStalledReaders(t *testing.T) {
	const readers, messages, mostEach = 200, 80, 64 // kB
	s := open(t, "--limits", "off")
	ada, stalled := s.register("ada"), s.register("stalled")
	s.kill()
	s.start("--limits", "off") // hashing passwords left memory behind, to be given back at some time
	healthy := s.listen(ada, readers)
	posted := 0
	talkOn := func(what string) {
		long := strings.Repeat(what+" ", 300)
		for range messages {
			posted++
			if status, err := s.post(ada, fmt.Sprint(posted, " ", long), fmt.Sprint(posted)); err != nil || status != http.StatusNoContent {
				t.Fatalf("a post: %d, %v", status, err)
			}
		}
		eventually(t, "all who read have all", func() bool { return healthy.haveAll(posted) })
	}
	talkOn("before")
	talkOn("once more") // until as much piles up between two collections as ever will
	before := s.memory()["VmRSS"]
	for range readers {
		s.stall(stalled)
	}
	eventually(t, "the stalled are there", func() bool { return s.online(ada) == 2 })
	talkOn("beside them")
	if each := (s.memory()["VmRSS"] - before) / readers; each >= mostEach {
		t.Errorf("a stalled stream takes %d kB, want less than %d", each, mostEach)
	} else {
		t.Logf("a stalled stream takes %d kB", each)
	}
	eventually(t, "the stalled are closed", func() bool { return s.online(ada) == 1 })
	talkOn("after")
}

// online is how many people the site counts.
func (s *site) online(client *http.Client) int {
	s.t.Helper()
	answer, err := client.Get(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	_, page := s.page(answer)
	var count int
	if _, err := fmt.Sscanf(page.Find("#online").Text(), "%d online", &count); err != nil {
		s.t.Fatal(err)
	}
	return count
}

// TestSilentConnections checks that ten thousand connections that say nothing, or a header
// that never ends, are closed after a while, take bounded memory until then, and keep nobody
// from posting and reading.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	const silent, mostEach = 10_000, 32 // kB
	s := open(t, "--limits", "off")
	ada := s.register("ada")
	listener := s.listen(ada, 1)
	before := s.memory()["VmRSS"]
	var closed atomic.Int64
	var waiting sync.WaitGroup
	for i := range silent {
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		if i%2 == 0 {
			if _, err := io.WriteString(connection, "GET / HTTP/1.1\r\nX-Slow: "); err != nil {
				t.Fatal(err)
			}
		}
		waiting.Go(func() {
			_, _ = io.Copy(io.Discard, connection)
			closed.Add(1)
		})
	}
	began := time.Now()
	for i := range 20 {
		s.mustPost(ada, fmt.Sprint("beside them ", i))
	}
	eventually(t, "a message is read beside them", func() bool { return listener.haveAll(20) })
	t.Logf("20 posts beside them took %v", time.Since(began))
	each := (s.memory()["VmRSS"] - before) / silent
	t.Logf("a silent connection takes %d kB", each)
	if each > mostEach {
		t.Errorf("a silent connection takes %d kB, more than %d", each, mostEach)
	}
	eventually(t, "all of them are closed", func() bool { return closed.Load() == silent })
	waiting.Wait()
	if !s.isSignedIn(ada) {
		t.Error("the site does not answer afterwards")
	}
}

// TestFloodOfOne checks that a page which floods is closed for good, and nobody else is.
func TestFloodOfOne(t *testing.T) {
	t.Parallel()
	s := open(t, "--limits", "off")
	ada, bob := s.register("ada"), s.register("bob")
	flooding := s.connect(ada, "/ws?room=1&after=0")
	listener := s.listen(bob, 1)
	go func() {
		for flooding.Write(t.Context(), websocket.MessageText, []byte(`{"typing":true}`)) == nil {
			continue
		}
	}()
	if code := closeCode(flooding); code != websocket.StatusPolicyViolation {
		t.Errorf("the flood is closed with %d, want 1008", code)
	}
	s.mustPost(ada, "after the flood")
	eventually(t, "another reads on", func() bool { return listener.haveAll(1) })
}
