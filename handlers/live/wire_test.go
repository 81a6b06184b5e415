package live_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

// wired serves websockets that have wires, over the kernel's own network.
func wired(t testing.TB) (address string, accepted chan *websocket.Conn) {
	t.Helper()
	hub := live.NewHub((&journal{}).source(), live.Limits{}, live.Alone{})
	accepted = make(chan *websocket.Conn, 1)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seat, err := hub.Reserve(live.Member{})
		if err != nil {
			t.Error(err)
			return
		}
		defer seat.Release()
		socket, err := websocket.Accept(seated{w, seat}, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = socket.CloseNow() })
		accepted <- socket
	}))
	t.Cleanup(site.Close)
	return strings.TrimPrefix(site.URL, "http://"), accepted
}

// dialed opens a websocket on which the server has a wire.
func dialed(t testing.TB) (server, client *websocket.Conn) {
	t.Helper()
	address, accepted := wired(t)
	client, _, err := websocket.Dial(t.Context(), "ws://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.CloseNow() })
	client.SetReadLimit(-1)
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
// buffer is full, and the kernel takes no more at once.
func TestWireKeepsFrames(t *testing.T) {
	server, client := dialed(t)
	sizes := []int{4095, 4096, 4097, 65_533, 65_534, 65_535, 65_536, 65_537, 300_000, 9_000_000, 0, 1}
	for size := range 140 {
		sizes = append(sizes, size)
	}
	sent := make(chan error, 1)
	go func() {
		for _, size := range sizes {
			if err := server.Write(context.Background(), websocket.MessageBinary, pattern(size)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for _, size := range sizes {
		_, frame, err := client.Read(t.Context())
		if err != nil {
			t.Fatalf("a frame of %d bytes: %v", size, err)
		}
		if !bytes.Equal(frame, pattern(size)) {
			t.Fatalf("a frame of %d bytes came with %d, and not as it was", size, len(frame))
		}
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

// Control frames go between others, in both directions.
func TestWireCarriesPings(t *testing.T) {
	server, client := dialed(t)
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
		for name, socket := range map[string]*websocket.Conn{"server": server, "client": client} {
			if err := socket.Ping(ctx); err != nil {
				t.Fatalf("a ping of the %s: %v", name, err)
			}
		}
		if err := server.Write(ctx, websocket.MessageText, pattern(50)); err != nil {
			t.Fatal(err)
		}
	}
}

// What a client sends in one go with its handshake is not lost.
func TestWireKeepsWhatCameEarly(t *testing.T) {
	address, accepted := wired(t)
	page, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = page.Close() }()
	const handshake = "GET / HTTP/1.1\r\nHost: plaza\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	// A masked frame, of which more has come than the wire's own buffer has room for.
	frame := append([]byte{0x82, 0x80 | 126, 1000 >> 8, 1000 & 0xff, 0, 0, 0, 0}, pattern(1000)...)
	if _, err := page.Write(append([]byte(handshake), frame...)); err != nil {
		t.Fatal(err)
	}
	_, got, err := (<-accepted).Read(t.Context())
	if err != nil || !bytes.Equal(got, pattern(1000)) {
		t.Errorf("%d bytes came, and not as they were: %v", len(got), err)
	}
}

// A frame to a reader costs no memory: it is shared, and not copied.
func TestWritingAllocatesNothing(t *testing.T) {
	server, client := dialed(t)
	go func() {
		for {
			_, reader, err := client.Reader(context.Background())
			if err != nil {
				return
			}
			var buffer [4096]byte
			for err == nil {
				_, err = reader.Read(buffer[:])
			}
		}
	}()
	frame := pattern(3000)
	perFrame := testing.AllocsPerRun(500, func() {
		if err := server.Write(context.Background(), websocket.MessageText, frame); err != nil {
			t.Fatal(err)
		}
	})
	if perFrame > 0 {
		t.Errorf("a frame takes %v allocations", perFrame)
	}
}
