package live

import (
	"bufio"
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"
)

// The sizes of a wire's buffers, in bytes. The websocket library would keep the HTTP server's
// buffers, of 4 kB each, for as long as the connection lives. But what a page sends is short, and
// the library writes nothing but pongs and the close frame.
const (
	readBuffer  = 256
	writeBuffer = 16 // the least that bufio takes; a frame's header, which must come whole, has at most 10
)

// wire is a connection below its websocket. It carries the frames that all readers share beside
// those of the websocket library, and notices when a write waits for its reader.
type wire struct {
	net.Conn
	writers *writers
	tells   bool // whether the connection's transport tells the wire when it waits

	// stuck is since when a write waits for the reader, in Unix nanoseconds; 0: no write waits.
	stuck atomic.Int64
	// unstuck is called when such a write is over.
	unstuck func()
	// pinged is when the last ping was written, in Unix nanoseconds; 0: something came since.
	pinged atomic.Int64

	// Owned by the reader of the connection.
	early    []byte // what had come before the wire was made, and has yet to be read
	incoming incoming

	turn   chan struct{} // holds a token while a frame is being written
	left   int           // of the library's frame that is being written: the bytes that are missing
	closed bool          // whether the close frame was sent; owned by the holder of the turn
}

// Wire takes a connection and its buffers as they are hijacked from the HTTP server, and returns those
// for the reservation's websocket.
func (s *Reservation) Wire(conn net.Conn, buffered *bufio.ReadWriter) (net.Conn, *bufio.ReadWriter, error) {
	conn = asTransport(conn)
	w := &wire{Conn: conn, writers: s.hub.writers, unstuck: func() {}, turn: make(chan struct{}, 1)}
	if below := transportOf(conn); below != nil {
		if err := below.attach(w); err != nil {
			_ = conn.Close() // nobody else has it
			return nil, nil, err
		}
		w.tells = true
	}
	// What the page sent right after its handshake has been read already. It comes before all else, and counts.
	w.early, _ = buffered.Peek(buffered.Reader.Buffered())
	s.wire = w
	return w, bufio.NewReadWriter(bufio.NewReaderSize(w, readBuffer), bufio.NewWriterSize(w, writeBuffer)), nil
}

// asTransport returns the transport of a connection that an HTTP server took from a listener other
// than Listen's. Nothing can be put below TLS any more.
func asTransport(conn net.Conn) net.Conn {
	switch conn.(type) {
	case *transport, *tls.Conn:
		return conn
	}
	return newTransport(conn)
}

// transportOf returns the transport that a connection is or has below its TLS; nil if there is none.
func transportOf(conn net.Conn) *transport {
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	below, _ := conn.(*transport)
	return below
}

// Read implements net.Conn.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.read(p)
	if n > 0 {
		w.pinged.Store(0)
	}
	if w.incoming.take(p[:n]) != nil {
		return 0, w.refuseFlood()
	}
	return n, err
}

func (w *wire) read(p []byte) (int, error) {
	if len(w.early) == 0 {
		w.early = nil // and with it the buffer of the HTTP server
		return w.Conn.Read(p)
	}
	n := copy(p, w.early)
	w.early = w.early[n:]
	return n, nil
}

// Write takes what the websocket library writes: a frame, or its first bytes and then all of the
// rest. No other frame comes between them.
func (w *wire) Write(p []byte) (int, error) {
	if w.left == 0 {
		w.takeTurn()
		w.left = frameSize(p)
		w.closed = w.closed || p[0]&opcodeMask == opClose
	}
	n, err := w.put(p)
	if w.left -= len(p); err != nil || w.left <= 0 {
		w.left = 0
		<-w.turn
	}
	return n, err
}

// writeFrame writes a frame that readers share. After the close frame it fails, as no data may
// follow that.
func (w *wire) writeFrame(f frame) error { return w.writeWhole(f, false) }

// writeWhole writes a frame. The last one is a close frame.
func (w *wire) writeWhole(f frame, last bool) error {
	w.takeTurn()
	defer func() { <-w.turn }()
	if w.closed {
		return net.ErrClosed
	}
	w.closed = last
	_, err := w.put(f)
	return err
}

// takeTurn waits until no other frame is being written. Meanwhile another writer has the place.
func (w *wire) takeTurn() {
	select {
	case w.turn <- struct{}{}:
	default:
		w.writers.lend()
		defer w.writers.takeBack()
		w.turn <- struct{}{}
	}
}

func (w *wire) put(p []byte) (int, error) {
	if !w.tells {
		defer w.wait()()
	}
	return w.Conn.Write(p)
}

// wait notes that a write waits for the reader, however long that takes. The function it returns
// ends that. Meanwhile another writer has the place.
func (w *wire) wait() (end func()) {
	w.stuck.Store(time.Now().UnixNano())
	w.writers.lend()
	return func() {
		w.writers.takeBack()
		w.stuck.Store(0)
		w.unstuck()
	}
}
