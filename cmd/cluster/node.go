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

// node is one plaza of the cluster.
type node struct {
	name, address string
	out           io.Writer
	process       *exec.Cmd
}

// start runs the program on a port that is free.
func (n *node) start(binary, database, bus string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	n.address = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	n.process = exec.Command(binary, "serve", "--addr", n.address, "--trusted-proxies", "127.0.0.1") //nolint:gosec // the plaza that was asked for
	n.process.Env = []string{"PLAZA_DB=" + database, "PLAZA_NATS=" + bus}
	// A group of its own, so that Ctrl-C leaves its end to us.
	n.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	n.process.Stderr = n
	return n.process.Start()
}

// Write passes on what the program says, under its name.
func (n *node) Write(said []byte) (int, error) {
	for line := range bytes.Lines(said) {
		fmt.Fprintf(n.out, "%s: %s", n.name, line)
	}
	return len(said), nil
}

// keep has the program drain when ctx ends, and returns when it has ended.
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
