package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"syscall"
)

// node is one server of the cluster.
type node struct {
	name, address string
	out           io.Writer
	process       *exec.Cmd
}

// start starts the program on a free port.
func (n *node) start(binary, database, bus string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	n.address = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	arguments := []string{"serve", "--addr", n.address, "--trusted-proxies", "127.0.0.1"}
	n.process = exec.Command(binary, arguments...) //nolint:gosec // the binary is a flag
	n.process.Env = []string{"PLAZA_DB=" + database, "PLAZA_NATS=" + bus}
	// In a process group of its own, the program does not get the terminal's Ctrl-C. keep stops it.
	n.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	n.process.Stderr = n
	return n.process.Start()
}

// Write implements io.Writer. It passes on the program's output, with the node's name on each line.
func (n *node) Write(output []byte) (int, error) {
	for line := range bytes.Lines(output) {
		fmt.Fprintf(n.out, "%s: %s", n.name, line)
	}
	return len(output), nil
}

// keep returns when the program ends. When ctx ends, it asks the program to drain.
func (n *node) keep(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		_ = n.process.Wait()
		close(ended)
	}()
	select {
	case <-ctx.Done():
		_ = n.process.Process.Signal(syscall.SIGTERM)
		<-ended
	case <-ended:
		fmt.Fprintln(n.out, n.name, "has ended")
	}
}
