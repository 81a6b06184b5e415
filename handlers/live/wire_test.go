package live_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

// overNetworks runs a test over the kernel's own network: plainly, with TLS, and with TLS that the
// wire cannot look below.
func overNetworks(t *testing.T, test func(t *testing.T, n network)) {
	t.Helper()
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) { test(t, n) })
	}
}

// network is how an HTTP server is reached.
type network struct {
	name    string
	secure  bool
	foreign bool // whether the server's listener is not Listen's
}

var networks = []network{
	{name: "plain"},
	{name: "TLS", secure: true},
	{name: "TLS of another listener", secure: true, foreign: true},
}

// serve starts an HTTP server that ends with the test.
func (n network) serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	if !n.foreign {
		server.Listener = live.Listen(server.Listener)
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if n.secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

// dial opens a websocket to a server.
func dial(t testing.TB, server *httptest.Server) *websocket.Conn {
	t.Helper()
	client, _, err := websocket.Dial(t.Context(), server.URL, &websocket.DialOptions{HTTPClient: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.CloseNow() })
	client.SetReadLimit(-1)
	return client
}

// end is the server's of a websocket that has a wire.
type end struct {
	*websocket.Conn
	reservation *live.Reservation
}

// wired serves websockets that have wires.
func wired(t testing.TB, n network) (server *httptest.Server, accepted chan end) {
	t.Helper()
	hub := live.NewHub((&journal{}).source(), live.Limits{}, live.Alone{})
	accepted = make(chan end, 1)
	return n.serve(t, func(w http.ResponseWriter, r *http.Request) {
		reservation, err := hub.Reserve(live.Member{})
		if err != nil {
			t.Error(err)
			return
		}
		defer reservation.Release()
		socket, err := websocket.Accept(handed{w, reservation}, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = socket.CloseNow() })
		accepted <- end{socket, reservation}
	}), accepted
}

// dialed opens a websocket on which the server has a wire.
func dialed(t testing.TB, n network) (server end, client *websocket.Conn) {
	t.Helper()
	site, accepted := wired(t, n)
	client = dial(t, site)
	return <-accepted, client
}

func pattern(size int) []byte {
	frame := make([]byte, size)
	for i := range frame {
		frame[i] = byte(i * 7)
	}
	return frame
}

// Frames of every size come as they were sent: around those at which the header grows, the
// buffer is full, and the kernel takes no more at once. Those that readers share come between
// those of the library.
func TestWireKeepsFrames(t *testing.T) {
	overNetworks(t, func(t *testing.T, n network) {
		server, client := dialed(t, n)
		sizes := []int{4095, 4096, 4097, 65_533, 65_534, 65_535, 65_536, 65_537, 300_000, 9_000_000}
		for size := range 140 {
			sizes = append(sizes, 1+size)
		}
		withEmpty := append(slices.Clone(sizes), 0) // which only the library writes
		sent := make(chan error, 2)
		go func() {
			for _, size := range withEmpty {
				if err := server.Write(context.Background(), websocket.MessageBinary, pattern(size)); err != nil {
					sent <- err
					return
				}
			}
			sent <- nil
		}()
		go func() {
			for _, size := range sizes {
				if err := server.reservation.WriteMessage(pattern(size)); err != nil {
					sent <- err
					return
				}
			}
			sent <- nil
		}()
		came := map[websocket.MessageType]int{}
		for range 2*len(sizes) + 1 {
			kind, message, err := client.Read(t.Context())
			if err != nil {
				t.Fatalf("after %v frames: %v", came, err)
			}
			if size := withEmpty[came[kind]]; !bytes.Equal(message, pattern(size)) {
				t.Fatalf("a frame of %d bytes came with %d, and not as it was", size, len(message))
			}
			came[kind]++
		}
		for range 2 {
			if err := <-sent; err != nil {
				t.Error(err)
			}
		}
	})
}

// Control frames go between others, in both directions.
func TestWireCarriesPings(t *testing.T) {
	overNetworks(t, func(t *testing.T, n network) {
		server, client := dialed(t, n)
		go func() { _, _, _ = server.Read(context.Background()) }()
		go func() {
			for {
				if _, _, err := client.Read(context.Background()); err != nil {
					return
				}
			}
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		for range 50 {
			for name, socket := range map[string]*websocket.Conn{"server": server.Conn, "client": client} {
				if err := socket.Ping(ctx); err != nil {
					t.Fatalf("a ping of the %s: %v", name, err)
				}
			}
			if err := server.reservation.WriteMessage(pattern(50)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// After the close frame nothing follows.
func TestWireEndsWithTheCloseFrame(t *testing.T) {
	overNetworks(t, func(t *testing.T, n network) {
		server, client := dialed(t, n)
		closed := make(chan error, 1)
		go func() {
			closed <- server.Close(websocket.StatusServiceRestart, "a reason that is longer than the buffer")
		}()
		if _, _, err := client.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusServiceRestart {
			t.Errorf("the client was told %v", err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if err := server.reservation.WriteMessage(pattern(50)); err == nil {
			t.Error("a frame was written after the close frame")
		}
	})
}

// What a client sends in one go with its handshake is not lost.
func TestWireKeepsWhatCameEarly(t *testing.T) {
	overNetworks(t, func(t *testing.T, n network) {
		server, accepted := wired(t, n)
		page, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = page.Close() }()
		if n.secure {
			page = tls.Client(page, trusting(server))
		}
		const handshake = "GET / HTTP/1.1\r\nHost: plaza\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
		// A masked frame, of which more has come than the wire's own buffer has room for.
		message := append([]byte{0x82, 0x80 | 126, 1000 >> 8, 1000 & 0xff, 0, 0, 0, 0}, pattern(1000)...)
		if _, err := page.Write(append([]byte(handshake), message...)); err != nil {
			t.Fatal(err)
		}
		_, got, err := (<-accepted).Read(t.Context())
		if err != nil || !bytes.Equal(got, pattern(1000)) {
			t.Errorf("%d bytes came, and not as they were: %v", len(got), err)
		}
	})
}

// trusting is what a client needs to know of a server's certificate.
func trusting(server *httptest.Server) *tls.Config {
	config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName = "example.com"
	return config
}

// A frame to a reader costs no memory: it is shared, and not copied.
func TestWritingAllocatesNothing(t *testing.T) {
	overNetworks(t, func(t *testing.T, n network) {
		server, client := dialed(t, n)
		go drain(client)
		shared := pattern(3000)
		perFrame := testing.AllocsPerRun(500, func() {
			if err := server.reservation.WriteMessage(shared); err != nil {
				t.Fatal(err)
			}
		})
		most := 1.0 // the frame, which is made once for all readers
		if n.secure {
			most++ // TLS keeps its buffers in a pool, which the race detector empties at times
		}
		if n.foreign {
			most++ // each write is watched
		}
		if perFrame > most {
			t.Errorf("a frame takes %v allocations", perFrame)
		}
	})
}

// drain takes what comes until a websocket is closed.
func drain(socket *websocket.Conn) {
	var buffer [4096]byte
	for {
		_, message, err := socket.Reader(context.Background())
		if err != nil {
			return
		}
		for err == nil {
			_, err = message.Read(buffer[:])
		}
	}
}
