package limit_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"testing"
	"time"

	"plaza/handlers/limit"
)

const patience = 20 * time.Second

// serve starts an HTTP server with bounded connections. A request for /slow sends to came, and is answered when
// answer is closed.
func serve(t *testing.T, bounds limit.ConnectionBounds, came, answer chan struct{}) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			came <- struct{}{}
			<-answer
		}
	}))
	if bounds.Elsewhere == nil {
		bounds.Elsewhere = func() int { return 0 }
	}
	limit.NewConnections(bounds).Bound(server.Config)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// client is a connection to a server.
type client struct {
	net.Conn
	t       *testing.T
	answers *bufio.Reader
}

func dial(t *testing.T, server *httptest.Server) client {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return client{conn, t, bufio.NewReader(conn)}
}

// ask sends a request. It does not wait for the answer.
func (c client) ask(path string) {
	_, _ = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: plaza\r\n\r\n")
}

// answered tells whether the last request is answered.
func (c client) answered() bool {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	answer, err := http.ReadResponse(c.answers, nil)
	return err == nil && answer.StatusCode == http.StatusOK
}

// isClosed waits until the server closes the connection.
func (c client) isClosed() bool {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	_, err := c.answers.ReadByte()
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// Connections without a request make room for new ones. The one that has waited longest goes first.
func TestConnectionsMakeRoom(t *testing.T) {
	for name, bounds := range map[string]limit.ConnectionBounds{
		"of an address": {Most: 1000, PerAddress: 3},
		"of all":        {Most: 3},
		"beside others": {Most: 5, Elsewhere: func() int { return 2 }},
		"of an exempt address": {
			Most: 3, PerAddress: 1, Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, bounds, nil, nil)
			silent, idle := dial(t, server), dial(t, server)
			if _, err := io.WriteString(silent, "GET / HTTP/1.1\r\nX-Slow: "); err != nil { // and no more
				t.Fatal(err)
			}
			idle.ask("/")
			if !idle.answered() {
				t.Fatal("the second connection is not answered")
			}
			third := dial(t, server)
			third.ask("/")
			if !third.answered() {
				t.Fatal("the third connection is not answered")
			}
			fourth := dial(t, server)
			fourth.ask("/")
			if !fourth.answered() || !silent.isClosed() {
				t.Error("the first connection, which is silent, makes no room for the fourth")
			}
			fifth := dial(t, server)
			fifth.ask("/")
			if !fifth.answered() {
				t.Error("no idle connection makes room for the fifth")
			}
		})
	}
}

// A connection whose request is being answered is not closed. A new one is refused then.
func TestConnectionsInUseStay(t *testing.T) {
	came, answer := make(chan struct{}), make(chan struct{})
	server := serve(t, limit.ConnectionBounds{Most: 1000, PerAddress: 2}, came, answer)
	used := []client{dial(t, server), dial(t, server)}
	for _, c := range used {
		c.ask("/slow")
		<-came
	}
	if more := dial(t, server); !more.isClosed() {
		t.Error("a third connection is not refused")
	}
	close(answer)
	if !used[0].answered() || !used[1].answered() {
		t.Error("a connection is closed whose request is being answered")
	}
}
