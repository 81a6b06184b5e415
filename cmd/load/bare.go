package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// bareCommand makes this program run as the bare program.
const bareCommand = "bare"

// The first byte of a connection to the bare program.
const (
	asReader = 'r'
	asAuthor = 'a'
)

// fanOut is the bare program. It sends each line of an author to every reader, as one frame in one
// write, from one loop. It stores nothing, renders nothing, and has no users.
type fanOut struct {
	mu      sync.Mutex
	readers map[net.Conn]struct{}
}

// serveBare prints its address and serves until it fails.
func serveBare(out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(out, listener.Addr())
	f := &fanOut{readers: map[net.Conn]struct{}{}}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer func() { _ = conn.Close() }()
			role := make([]byte, 1)
			if _, err := io.ReadFull(conn, role); err != nil {
				return
			}
			if role[0] == asReader {
				f.serveReader(conn)
			} else {
				f.serveAuthor(conn)
			}
		}()
	}
}

func (f *fanOut) serveReader(conn net.Conn) {
	f.mu.Lock()
	_, err := conn.Write(welcome)
	f.readers[conn] = struct{}{}
	f.mu.Unlock()
	for err == nil { // until the reader leaves
		_, err = conn.Read(make([]byte, 1))
	}
	f.mu.Lock()
	delete(f.readers, conn)
	f.mu.Unlock()
}

func (f *fanOut) serveAuthor(conn net.Conn) {
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return
		}
		frame := textFrame(bytes.TrimSuffix(line, []byte("\n")))
		f.mu.Lock()
		for reader := range f.readers {
			_, _ = reader.Write(frame) // serveReader removes a reader that left
		}
		f.mu.Unlock()
	}
}

// welcome tells a reader that it gets everything posted from here on.
var welcome = textFrame(nil)

// textFrame returns a text frame of a WebSocket server: see RFC 6455, section 5.2.
func textFrame(payload []byte) []byte {
	frame := append([]byte{0x81, 126}, make([]byte, 2)...)
	binary.BigEndian.PutUint16(frame[2:], uint16(len(payload))) //nolint:gosec // lines are far shorter
	return append(frame, payload...)
}

// bareProgram is the bare program in a process of its own.
type bareProgram struct {
	process *exec.Cmd
	address string
}

func startBare(ctx context.Context) (*bareProgram, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, self, bareCommand) //nolint:gosec // this program
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	return &bareProgram{process, strings.TrimSpace(address)}, err
}

func (b *bareProgram) stop() error { return end(b.process) }

func (b *bareProgram) pid() int { return b.process.Process.Pid }

// read opens a reader's connection.
func (b *bareProgram) read(int) (*bufio.Reader, net.Conn, error) {
	conn, err := b.dial(asReader)
	if err != nil {
		return nil, nil, err
	}
	frames := bufio.NewReader(conn)
	_, err = frames.Discard(len(welcome))
	return frames, conn, err
}

// author opens an author's connection. Its messages are as long as plaza's frames of them.
func (b *bareProgram) author(int) (func(body string) error, io.Closer, error) {
	conn, err := b.dial(asAuthor)
	if err != nil {
		return nil, nil, err
	}
	return func(body string) error {
		_, err := fmt.Fprintf(conn, "%s%s\n", body, strings.Repeat(" ", max(0, frameLength-len(body))))
		return err
	}, conn, nil
}

func (b *bareProgram) dial(role byte) (net.Conn, error) {
	conn, err := net.Dial("tcp", b.address)
	if err != nil {
		return nil, err
	}
	_, err = conn.Write([]byte{role})
	return conn, err
}

// end interrupts a process and waits for its end. It does not report the exit status: an interrupt
// fails the bare program.
func end(process *exec.Cmd) error {
	if err := process.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	var failed *exec.ExitError
	if err := process.Wait(); err != nil && !errors.As(err, &failed) {
		return err
	}
	return nil
}
