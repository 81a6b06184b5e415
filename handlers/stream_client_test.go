package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"
)

// stream collects the frames of a page's live connection.
type stream struct {
	t      testing.TB
	socket *websocket.Conn

	mu     sync.Mutex
	frames []string
	closed websocket.StatusCode // set when the connection is closed
}

// connect opens a live connection as the browser's page does.
func (b *browser) connect(path string) *stream {
	b.t.Helper()
	socket, refused, err := b.handshake(path, b.site.url)
	if err != nil {
		b.t.Fatalf("connect to %s: %v %v", path, err, refused)
	}
	s := &stream{t: b.t, socket: socket}
	b.t.Cleanup(func() { _ = socket.CloseNow() })
	go s.read()
	return s
}

// handshake requests a live connection for a page of an origin.
func (b *browser) handshake(path, origin string, headers ...string) (*websocket.Conn, *http.Response, error) {
	b.t.Helper()
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	if origin != "" {
		header.Set("Origin", origin)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	// The time limit of the browser's own client would end the connection.
	socket, response, err := websocket.Dial(ctx, b.site.url+path, &websocket.DialOptions{
		HTTPClient: &http.Client{Jar: b.Jar}, HTTPHeader: header,
	})
	if err == nil {
		socket.SetReadLimit(1 << 20)
	}
	return socket, response, err
}

func (s *stream) read() {
	for {
		_, frame, err := s.socket.Read(context.Background())
		s.mu.Lock()
		if err != nil {
			s.closed = max(websocket.CloseStatus(err), 1)
			s.mu.Unlock()
			return
		}
		s.frames = append(s.frames, string(frame))
		s.mu.Unlock()
	}
}

func (s *stream) code() websocket.StatusCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// text returns all frames joined together.
func (s *stream) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.frames, "")
}

func (s *stream) document() *goquery.Document {
	document, err := goquery.NewDocumentFromReader(strings.NewReader(s.text()))
	if err != nil {
		s.t.Fatal(err)
	}
	return document
}

// bodies returns the texts of the messages that came, in their order.
func (s *stream) bodies() []string {
	return s.document().Find("article .body").Map(func(_ int, body *goquery.Selection) string {
		return strings.TrimSpace(body.Text())
	})
}

func (s *stream) expect(bodies ...string) {
	s.t.Helper()
	eventually(s.t, fmt.Sprintf("%q came", bodies), func() bool { return len(s.bodies()) >= len(bodies) })
	if got := s.bodies(); !slices.Equal(got, bodies) {
		s.t.Errorf("came: %q, expected %q", got, bodies)
	}
}

// online returns the latest count that came.
func (s *stream) online() string {
	return s.document().Find(`hx-partial[data-hx-target="#online"][data-hx-swap="textContent"]`).Last().Text()
}
