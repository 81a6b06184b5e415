package live

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listen returns a listener whose connections know when the kernel takes no more bytes. An HTTP
// server that uses it, with TLS or without, serves live connections at their full speed. Over
// another listener, a TLS connection cannot tell which write has to wait, so each write costs the
// switch to another writer.
func Listen(inner net.Listener) net.Listener { return &listener{inner} }

type listener struct{ net.Listener }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return newTransport(conn), nil
}

// kernelConn is a connection of the kernel's: TCP, or a Unix socket.
type kernelConn interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// transport is a connection of the kernel's, below TLS where there is TLS. Once it belongs to a
// wire, it has the kernel take what it takes at once, and tells the wire before it waits.
type transport struct {
	kernelConn
	wire *wire // nil: an HTTP server still uses the connection
	raw  syscall.RawConn
	put  func(file uintptr) bool // putRest

	// Owned by the write under way. There is one at a time: TLS and the wire see to that.
	rest []byte // what the kernel has yet to take
	err  error  // why it took no more
}

// newTransport returns a connection's transport; the connection itself if it is not the kernel's,
// as a pipe is not.
func newTransport(conn net.Conn) net.Conn {
	if kernel, ok := conn.(kernelConn); ok {
		return &transport{kernelConn: kernel}
	}
	return conn
}

// attach has the transport tell a wire when it waits.
func (t *transport) attach(w *wire) error {
	raw, err := t.SyscallConn()
	if err != nil {
		return err
	}
	t.wire, t.raw, t.put = w, raw, t.putRest
	return nil
}

// Write implements net.Conn.
func (t *transport) Write(p []byte) (int, error) {
	if t.wire == nil {
		return t.kernelConn.Write(p)
	}
	t.rest, t.err = p, nil
	err := t.raw.Write(t.put)
	rest := t.rest
	t.rest = nil // or an idle connection would keep a frame alive
	if err == nil {
		err = t.err
	}
	wrote := len(p) - len(rest)
	if err != nil || len(rest) == 0 {
		return wrote, err
	}
	defer t.wire.wait()()
	n, err := t.kernelConn.Write(rest)
	return wrote + n, err
}

// putRest writes without waiting. It always returns true, because it must not be called again.
func (t *transport) putRest(file uintptr) bool {
	for {
		n, err := unix.Write(int(file), t.rest)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
		case err != nil:
			t.err = err
		default:
			t.rest = t.rest[n:]
		}
		return true
	}
}
