package site

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"plaza/cmd/plaza/e2e/e2etest"
)

// flood is an HTTP/2 connection that sends frames as it likes.
type flood struct {
	conn   *tls.Conn
	framer *http2.Framer
	header []byte // of a request
}

// openFlood opens a connection, and takes whatever the site says on it.
func openFlood(t *testing.T, n *named) *flood {
	t.Helper()
	config := n.trust.Clone()
	config.ServerName, config.NextProtos = mainName, []string{"h2"}
	conn, err := tls.Dial("tcp", n.https, config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	f := &flood{conn: conn, framer: http2.NewFramer(conn, conn)}
	if err := f.framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	var taking sync.WaitGroup
	taking.Go(func() { _, _ = io.Copy(io.Discard, conn) })
	t.Cleanup(func() {
		_ = conn.Close()
		taking.Wait()
	})
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range []hpack.HeaderField{
		{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "https"}, {Name: ":authority", Value: mainName}, {Name: ":path", Value: "/login"},
	} {
		if err := encoder.WriteField(field); err != nil {
			t.Fatal(err)
		}
	}
	f.header = block.Bytes()
	return f
}

// resets asks for pages and cancels each request at once, until the site has enough of it or the flood has had its fill.
func (f *flood) resets(count int) error {
	for i := range count {
		stream := uint32(2*i + 1) //nolint:gosec // it is small
		err := f.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: f.header, EndStream: true, EndHeaders: true})
		if err == nil {
			err = f.framer.WriteRSTStream(stream, http2.ErrCodeCancel)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// continues sends a header that never ends.
func (f *flood) continues(count int) error {
	err := f.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: f.header})
	for i := 0; i < count && err == nil; i++ {
		var block bytes.Buffer
		if err = hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: "x-flood", Value: string(make([]byte, 1000))}); err == nil {
			err = f.framer.WriteContinuation(1, false, block.Bytes())
		}
	}
	return err
}

// TestFloodsOfHTTP2 has others served while connections cancel what they ask for, and ends a header that never ends.
func TestFloodsOfHTTP2(t *testing.T) {
	t.Parallel()
	n, _, _ := openSigned(t)
	var flooding sync.WaitGroup
	for range 4 {
		f := openFlood(t, n)
		flooding.Go(func() { _ = f.resets(5000) })
	}
	for range 5 {
		visitor := n.visitor()
		if answer, _ := get(t, visitor, "https://"+mainName+"/healthz", ""); answer.StatusCode != http.StatusOK {
			t.Errorf("meanwhile the site answers %s", answer.Status)
		}
	}
	flooding.Wait()

	f := openFlood(t, n)
	if err := f.conn.SetWriteDeadline(time.Now().Add(e2etest.Patience)); err != nil {
		t.Fatal(err)
	}
	var late net.Error
	if err := f.continues(1_000_000); err == nil || errors.As(err, &late) && late.Timeout() {
		t.Errorf("a header that never ends goes on: %v", err)
	}
	if answer, _ := get(t, n.visitor(), "https://"+mainName+"/healthz", ""); answer.StatusCode != http.StatusOK {
		t.Errorf("after it the site answers %s", answer.Status)
	}
}
