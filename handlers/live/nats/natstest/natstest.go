// Package natstest runs NATS servers, for tests and for people who want to see a site on several
// servers.
package natstest

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server is a NATS server on a port of loopback, which it keeps when it is started again.
type Server struct {
	port      int
	configure []func(*server.Options)
	running   *server.Server
}

// Start starts a server on any free port, which lets everybody in unless it is configured
// otherwise.
func Start(configure ...func(*server.Options)) (*Server, error) {
	s := &Server{port: server.RANDOM_PORT, configure: configure}
	return s, s.Restart()
}

// Restart starts the server where it is not running; it is configured anew.
func (s *Server) Restart() error {
	options := &server.Options{Host: "127.0.0.1", Port: s.port, NoSigs: true, NoLog: true}
	for _, configure := range s.configure {
		configure(options)
	}
	running, err := server.NewServer(options)
	if err != nil {
		return err
	}
	go running.Start()
	if !running.ReadyForConnections(10 * time.Second) {
		return errors.New("NATS takes no connections")
	}
	s.running, s.port = running, running.Addr().(*net.TCPAddr).Port
	return nil
}

// Address returns where the server is, as --nats takes it.
func (s *Server) Address() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.port) }

// Subscriptions returns how many subscriptions the server has, of its clients and of its own.
func (s *Server) Subscriptions() uint32 { return s.running.NumSubscriptions() }

// Stop ends the server and returns when it is no more.
func (s *Server) Stop() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}
