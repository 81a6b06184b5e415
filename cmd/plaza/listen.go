package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"plaza/handlers"
	"plaza/handlers/limit"
	"plaza/handlers/live"
)

// Limits of HTTP. A TLS handshake has the shortest time limit, and an open socket its own.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	// maxStreams is how many requests of one HTTP/2 connection are answered at the same time.
	maxStreams = 100
)

// door is an address at which the site listens.
type door struct {
	listener net.Listener
	server   *http.Server
}

// serve answers requests until the server is shut down.
func (d *door) serve() error {
	var err error
	if listener := live.Listen(d.listener); d.server.TLSConfig != nil {
		err = d.server.ServeTLS(listener, "", "")
	} else {
		err = d.server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// doors are all addresses at which the site listens. The first is the one that people use.
type doors []*door

// String lists the addresses for people.
func (d doors) String() string {
	var addresses []string
	for _, door := range d {
		addresses = append(addresses, door.listener.Addr().String())
	}
	return strings.Join(addresses, " and ")
}

// Close stops listening.
func (d doors) Close() error {
	var errs []error
	for _, door := range d {
		errs = append(errs, door.listener.Close())
	}
	return errors.Join(errs...)
}

// open listens: with certificates to show on the ports of HTTPS and HTTP, and otherwise on --addr. Both where --addr is
// given too.
func (cmd *serveCommand) open(site *handlers.Server, shown certificates, log *slog.Logger) (opened doors, err error) {
	inherited, err := inheritedListeners()
	if err != nil {
		return nil, err
	}
	connections := cmd.connections(site)
	add := func(address listenAddress, handler http.Handler, config *tls.Config) {
		if err != nil {
			return
		}
		var listener net.Listener
		if listener, err = inherited.listen(string(address)); err == nil {
			opened = append(opened, &door{listener, newServer(handler, config, connections, log)})
		}
	}
	if shown != nil {
		add(cmd.HTTPSAddr, site, &tls.Config{
			MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1", "acme-tls/1"}, GetCertificate: shown.GetCertificate,
		})
		add(cmd.HTTPAddr, site.Redirect(shown.ServeChallenge), nil)
	}
	if shown == nil && cmd.Addr == "" {
		add(defaultAddr, site, nil)
	} else if cmd.Addr != "" {
		add(cmd.Addr, site, nil)
	}
	if err == nil {
		err = inherited.close()
	}
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return opened, nil
}

// defaultAddr is where a site without a name of its own listens.
const defaultAddr listenAddress = ":8080"

// newServer returns the server of a door. The connections of all doors are bounded together.
func newServer(handler http.Handler, config *tls.Config, connections *limit.Connections, log *slog.Logger) *http.Server {
	server := &http.Server{
		Handler: handler, TLSConfig: config, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	connections.Bound(server)
	return server
}

// listenOn listens on an address.
func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, errors.Unwrap(err))
	}
	return listener, nil
}
