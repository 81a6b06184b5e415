package site

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

	"plaza/cmd/plaza/e2e/e2etest"
)

// stall opens a stream and never reads it, so that the kernel's buffers on both sides fill up.
func stall(s *e2etest.Site, client *http.Client) net.Conn {
	s.T.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		s.T.Fatal(err)
	}
	s.T.Cleanup(func() { _ = connection.Close() })
	if err := connection.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		s.T.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, s.URL+"/ws?room=1&after=0", http.NoBody)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, cookie := range client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	request.Header.Set("Origin", s.URL)
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	if err := request.Write(connection); err != nil {
		s.T.Fatal(err)
	}
	status := make([]byte, len("HTTP/1.1 101"))
	if _, err := io.ReadFull(connection, status); err != nil || !strings.HasSuffix(string(status), "101") {
		s.T.Fatalf("the answer to a stream is %q, %v", status, err)
	}
	return connection
}

// listeners are streams from the first message on. They count the messages that each has heard. The site
// cuts a stream if this process is too busy to answer a ping; then the stream reconnects.
type listeners struct {
	heard   []atomic.Int64
	reading sync.WaitGroup
}

func listen(s *e2etest.Site, client *http.Client, count int) *listeners {
	s.T.Helper()
	l := &listeners{heard: make([]atomic.Int64, count)}
	for i := range count {
		socket := s.Connect(client, "/ws?room=1&after=0")
		l.reading.Go(func() {
			for s.T.Context().Err() == nil {
				_, frame, err := socket.Read(s.T.Context())
				if err == nil {
					l.heard[i].Add(int64(strings.Count(string(frame), "<article")))
				} else if again, err := s.Dial(client, fmt.Sprintf("/ws?room=1&after=%d", l.heard[i].Load())); err == nil {
					socket = again
				}
			}
			_ = socket.CloseNow()
		})
	}
	return l
}

// haveAll tells whether each stream has heard a number of messages.
func (l *listeners) haveAll(messages int) bool {
	for i := range l.heard {
		if l.heard[i].Load() < int64(messages) {
			return false
		}
	}
	return true
}

// TestStalledReaders checks that the site closes streams that nobody reads, that they take little
// memory, and that other readers get all messages. It measures memory, so it runs beside no other test.
func TestStalledReaders(t *testing.T) {
	const readers, messages, mostEach = 200, 80, 64 // kB
	s := e2etest.Open(t, "--limits", "off")
	ada, stalled := s.Newcomer("ada"), s.Newcomer("stalled")
	healthy := listen(s, ada, readers)
	posted := 0
	talkOn := func(what string) {
		long := strings.Repeat(what+" ", 300)
		for range messages {
			posted++
			if status, err := s.Post(ada, fmt.Sprint(posted, " ", long), fmt.Sprint(posted)); err != nil || status != http.StatusNoContent {
				t.Fatalf("a post: status %d, %v", status, err)
			}
		}
		e2etest.Eventually(t, "all healthy streams have all messages", func() bool { return healthy.haveAll(posted) })
	}
	talkOn("before")
	talkOn("once more") // until garbage takes as much memory as it ever will
	before := memory(s)["VmRSS"]
	for range readers {
		stall(s, stalled)
	}
	e2etest.Eventually(t, "the stalled member is online", func() bool { return online(s, ada) == 2 })
	talkOn("beside them")
	if each := (memory(s)["VmRSS"] - before) / readers; each >= mostEach {
		t.Errorf("a stalled stream takes %d kB, want less than %d", each, mostEach)
	} else {
		t.Logf("a stalled stream takes %d kB", each)
	}
	e2etest.Eventually(t, "the stalled streams are closed", func() bool { return online(s, ada) == 1 })
	talkOn("after")
}

// online returns the number of members that the page counts as online.
func online(s *e2etest.Site, client *http.Client) int {
	s.T.Helper()
	answer, err := client.Get(s.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	_, page := s.Page(answer)
	var count int
	if _, err := fmt.Sscanf(page.Find("#online").Text(), "%d online", &count); err != nil {
		s.T.Fatal(err)
	}
	return count
}

// TestSilentConnections opens ten thousand connections that send nothing, or a header that never ends.
// The site must close them after a while. Until then they must take little memory, and members must be
// able to post and read.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	const silent, mostEach = 10_000, 32 // kB
	s := e2etest.Open(t, "--limits", "off")
	ada := s.Newcomer("ada")
	listener := listen(s, ada, 1)
	before := memory(s)["VmRSS"]
	var closed atomic.Int64
	var waiting sync.WaitGroup
	for i := range silent {
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
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
		s.MustPost(ada, fmt.Sprint("beside them ", i))
	}
	e2etest.Eventually(t, "the reader has the messages", func() bool { return listener.haveAll(20) })
	t.Logf("20 posts beside the silent connections took %v", time.Since(began))
	each := (memory(s)["VmRSS"] - before) / silent
	t.Logf("a silent connection takes %d kB", each)
	if each > mostEach {
		t.Errorf("a silent connection takes %d kB, more than %d", each, mostEach)
	}
	e2etest.Eventually(t, "all silent connections are closed", func() bool { return closed.Load() == silent })
	waiting.Wait()
	if !isSignedIn(s, ada) {
		t.Error("afterwards the site does not answer")
	}
}

// TestFloodOfOne checks that the site closes the stream of a page that floods it, and no other stream.
func TestFloodOfOne(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t, "--limits", "off")
	ada, bob := s.Newcomer("ada"), s.Newcomer("bob")
	flooding := s.Connect(ada, "/ws?room=1&after=0")
	listener := listen(s, bob, 1)
	go func() {
		for flooding.Write(t.Context(), websocket.MessageText, []byte(`{"typing":true}`)) == nil {
			continue
		}
	}()
	if code := e2etest.CloseCode(flooding); code != websocket.StatusPolicyViolation {
		t.Errorf("the flooding stream was closed with %d, want 1008", code)
	}
	s.MustPost(ada, "after the flood")
	e2etest.Eventually(t, "another reader has the next message", func() bool { return listener.haveAll(1) })
}
