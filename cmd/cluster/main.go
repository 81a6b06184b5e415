// Command cluster runs one site on three servers, for people to try. It starts a PostgreSQL and a NATS
// server of its own, and a small load balancer. Ctrl-C ends all of them and leaves nothing behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"plaza/handlers/live/nats/natstest"
	"plaza/store/postgrestest"
)

// nodes is the number of servers.
const nodes = 3

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "where the balancer listens")
	binary := flag.String("binary", "bin/plaza", "the plaza binary to run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *addr, *binary, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// run runs the cluster until ctx ends, and writes its addresses to out.
func run(ctx context.Context, addr, binary string, out io.Writer) (err error) {
	postgres, err := postgrestest.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	if err := postgres.Create(ctx, "plaza"); err != nil {
		return err
	}
	bus, err := natstest.Start()
	if err != nil {
		return err
	}
	defer bus.Stop()
	fmt.Fprintf(out, "PostgreSQL  %s\nNATS        %s\n", postgres.Address("plaza"), bus.Address())

	serving, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	var addresses []string
	for i := range nodes {
		n := &node{name: fmt.Sprint("node ", i+1), out: out}
		if err := n.start(binary, postgres.Address("plaza"), bus.Address()); err != nil {
			return err
		}
		addresses = append(addresses, n.address)
		fmt.Fprintf(out, "%s      http://%s\n", n.name, n.address)
		running.Go(func() { n.keep(serving) })
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	loadBalancer := newBalancer(addresses)
	if err := loadBalancer.wait(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: loadBalancer, ReadHeaderTimeout: 10 * time.Second}
	running.Go(func() {
		<-serving.Done()
		_ = server.Close()
	})
	site := strings.Replace(listener.Addr().String(), "127.0.0.1", "localhost", 1)
	fmt.Fprintf(out, "The site is at http://%s until Ctrl-C.\n", site)
	setup, err := setupAddress(ctx, binary, postgres.Address("plaza"), "http://"+site)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(out, "Its owner registers at %s\n", setup)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// setupAddress returns the address that makes the owner's account. The balancer forwards requests, so nobody owns the
// site without it.
func setupAddress(ctx context.Context, binary, database, site string) (string, error) {
	command := exec.CommandContext(ctx, binary, "setup-link") //nolint:gosec // the binary is a flag
	command.Env = []string{"PLAZA_DB=" + database, "PLAZA_URL=" + site}
	printed, err := command.Output()
	return strings.TrimSpace(string(printed)), err
}
