package live

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The sizes of a wire's buffers, in bytes. The websocket library would keep the HTTP server's,
// of 4 kB each, for as long as the connection lives; but what a page sends is short, and what
// it is sent need not be copied.
const (
	readBuffer  = 256
	writeBuffer = 16 // bufio's least; a frame's header has at most 10
)

// wire is a connection below its websocket. It has the kernel take each frame whole, out of
// the one copy that all readers share, and notices where the kernel takes no more.
type wire struct {
	net.Conn
	writers *writers
	raw     syscall.RawConn // nil where the kernel cannot be asked, as on a pipe
	put     func(file uintptr) bool

	// stuck is since when a write has been waiting for the reader, in Unix nanoseconds; 0:
	// none is.
	stuck atomic.Int64
	// unstuck is called when such a write is over.
	unstuck func()

	// Owned by the write under way: the library makes one at a time.
	head  [writeBuffer]byte
	held  int       // how many bytes of head wait for the rest of their frame
	parts [2][]byte // what put is to write
	wrote int       // how much of it the kernel took
	err   error     // why it took no more
}

// Wire makes of a connection and its buffers, as they are hijacked from the HTTP server, those
// that the seat's websocket is to have.
func (s *Seat) Wire(conn net.Conn, buffered *bufio.ReadWriter) (net.Conn, *bufio.ReadWriter, error) {
	w := &wire{Conn: conn, writers: s.hub.writers, unstuck: func() {}}
	if kernel, ok := conn.(syscall.Conn); ok {
		raw, err := kernel.SyscallConn()
		if err != nil {
			return nil, nil, err
		}
		w.raw, w.put = raw, w.putParts
	}
	// What the page sent right after its handshake has been read already.
	came := buffered.Reader
	early, err := came.Peek(came.Buffered())
	if err != nil {
		return nil, nil, err
	}
	reader := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), w), max(readBuffer, len(early)))
	if _, err := reader.Peek(len(early)); err != nil {
		return nil, nil, err
	}
	s.wire = w
	return w, bufio.NewReadWriter(reader, bufio.NewWriterSize(w, writeBuffer)), nil
}

// Write takes what the library flushes: a frame, or its first bytes and then all of the rest.
func (w *wire) Write(p []byte) (int, error) {
	if w.held == 0 && len(p) < frameSize(p) {
		w.held = copy(w.head[:], p)
		return w.held, nil
	}
	w.parts = [2][]byte{w.head[:w.held], p}
	err := w.send()
	w.held, w.parts = 0, [2][]byte{}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// frameSize returns how many bytes the frame has that begins with p, by its header: see
// RFC 6455, section 5.2. A server's frames are not masked.
func frameSize(p []byte) int {
	if len(p) < 2 {
		return 2
	}
	switch length := int(p[1] & 0x7f); {
	case length == 126 && len(p) >= 4:
		return 4 + int(binary.BigEndian.Uint16(p[2:]))
	case length == 127 && len(p) >= 10:
		return 10 + int(binary.BigEndian.Uint64(p[2:])) //nolint:gosec // a frame of ours is far smaller
	default:
		return 2 + length
	}
}

// send has the kernel take what it takes at once, and waits only then.
func (w *wire) send() error {
	w.wrote, w.err = 0, nil
	if w.raw != nil {
		if err := w.raw.Write(w.put); err != nil {
			return err
		}
		if w.err != nil {
			return w.err
		}
		if w.wrote == len(w.parts[0])+len(w.parts[1]) {
			return nil
		}
	}
	return w.wait()
}

// putParts writes without waiting; it always returns true, for it is not to be called again.
func (w *wire) putParts(file uintptr) bool {
	for {
		n, err := unix.Writev(int(file), w.parts[:])
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
		case err != nil:
			w.err = err
		default:
			w.wrote = n
		}
		return true
	}
}

// wait writes what is left, however long that takes. Meanwhile another writer has the place.
func (w *wire) wait() error {
	w.stuck.Store(time.Now().UnixNano())
	w.writers.lend()
	defer func() {
		w.writers.takeBack()
		w.stuck.Store(0)
		w.unstuck()
	}()
	left := w.wrote
	for _, part := range w.parts {
		skip := min(left, len(part))
		left -= skip
		if skip == len(part) {
			continue
		}
		if _, err := w.Conn.Write(part[skip:]); err != nil {
			return err
		}
	}
	return nil
}
