package e2etest

import (
	"context"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// Dial opens a live stream as a page of the site does.
func (s *Site) Dial(client *http.Client, path string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, s.URL+path, &websocket.DialOptions{ //nolint:bodyclose // the library does
		HTTPClient: &http.Client{Jar: client.Jar}, // a time limit would end the stream
		HTTPHeader: http.Header{"Origin": {s.URL}},
	})
	if err == nil {
		socket.SetReadLimit(-1)
	}
	return socket, err
}

// Connect opens a live stream. The test's end closes it.
func (s *Site) Connect(client *http.Client, path string) *websocket.Conn {
	s.T.Helper()
	socket, err := s.Dial(client, path)
	if err != nil {
		s.T.Fatalf("connect to %s: %v", path, err)
	}
	s.T.Cleanup(func() { _ = socket.CloseNow() })
	return socket
}

// CloseCode reads a stream to its end and returns the close code, or -1 if the stream ends without one.
func CloseCode(socket *websocket.Conn) websocket.StatusCode {
	ctx, cancel := context.WithTimeout(context.Background(), 3*Patience)
	defer cancel()
	for {
		if _, _, err := socket.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// Hears reads a stream until a frame contains text. It returns false if the stream ends first.
func Hears(socket *websocket.Conn, text string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for {
		_, frame, err := socket.Read(ctx)
		if err != nil || strings.Contains(string(frame), text) {
			return err == nil
		}
	}
}

// Hearing reads a stream from now on, as a page does: the site cuts one that nobody reads. The
// function that it returns waits until a text comes by; false where the stream ends before.
func Hearing(socket *websocket.Conn, text string) (heard func() bool) {
	came := make(chan bool, 1)
	go func() { came <- Hears(socket, text) }()
	return func() bool { return <-came }
}
