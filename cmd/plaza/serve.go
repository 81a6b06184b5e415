package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"plaza/handlers"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/live"
	"plaza/handlers/live/nats"
	"plaza/store"
)

type serveCommand struct {
	Addr           listenAddress   `default:":8080" placeholder:"HOST:PORT" help:"Where HTTP listens (${default})."`
	DB             databaseAddress `name:"db" default:"plaza.db" placeholder:"FILE" help:"The SQLite file, or a postgres:// address (${default})."`
	NATS           busAddress      `name:"nats" placeholder:"URL" help:"A NATS server that carries messages between several servers on one PostgreSQL (default: none)."`
	URL            publicAddress   `name:"url" placeholder:"URL" help:"The public address, for secure cookies behind a proxy and for links in mail (default: from the request)."`
	SMTP           mailServer      `name:"smtp" placeholder:"URL" help:"A server that takes mail, which verifies email addresses: smtp:// with STARTTLS, or smtps:// (default: none)."`
	MailFrom       sender          `placeholder:"ADDRESS" help:"The sender of the site's mail; goes with --smtp (default: none)."`
	Limits         string          `enum:"on,off" default:"on" help:"Rate limits: on, or off for load tests (${default})."`
	TrustedProxies proxies         `placeholder:"PREFIX,…" help:"Proxies whose X-Forwarded-For and X-Forwarded-Proto to trust: addresses or prefixes (default: none)."`
	LogLevel       logLevel        `default:"info" placeholder:"LEVEL" help:"The lowest level to log: debug, info, warn or error (${default})."`
}

// Limits of HTTP. An open socket has its own time limits.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	// drainTimeout is shorter than service managers wait before they kill a program (10 s or more).
	drainTimeout = 8 * time.Second
)

// Run serves the site until ctx ends. Then it drains: it answers the requests that it accepted, tells
// live connections to come back, and returns once all posts are on disk.
func (cmd *serveCommand) Run(ctx context.Context, t terminal) error {
	log := slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.Level(cmd.LogLevel)}))
	made := cmd.DB.isMissing()
	database, err := store.Open(ctx, string(cmd.DB), store.Serve)
	if err != nil {
		return err
	}
	mail, err := cmd.mail()
	if err != nil {
		return errors.Join(err, database.Close())
	}
	bus, carry, err := cmd.bus(ctx, database, log)
	if err != nil {
		return errors.Join(err, database.Close())
	}
	site := handlers.New(handlers.Config{
		Store: database, Log: log, Bus: bus, URL: cmd.URL.URL,
		Unlimited: cmd.Limits == "off", TrustedProxies: cmd.TrustedProxies, SMTP: mail,
	})
	listener, err := net.Listen("tcp", string(cmd.Addr))
	if err != nil {
		return errors.Join(fmt.Errorf("cannot listen on %s: %w", cmd.Addr, errors.Unwrap(err)), database.Close())
	}
	if err := cmd.greet(ctx, t, database, listener.Addr(), made); err != nil {
		return errors.Join(err, listener.Close(), database.Close())
	}

	server := &http.Server{
		Handler: site, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	cmd.connections(site).Bound(server)
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { site.Run(background) })
	running.Go(func() { carry(background) })
	running.Go(func() { saveMemory(background, site.Connections) })
	failed := make(chan error, 1)
	running.Go(func() { failed <- server.Serve(live.Listen(listener)) })

	select {
	case err = <-failed:
	case <-ctx.Done():
		log.Info("draining")
	}
	drain(server, site, log)
	stopBackground()
	running.Wait()
	return errors.Join(err, database.Close())
}

// Validate implements kong.Validatable. It refuses flags that make no sense together.
func (cmd *serveCommand) Validate() error {
	if cmd.NATS != "" && !store.IsPostgres(string(cmd.DB)) {
		return errors.New("--nats is for several servers, which need a --db they can share: a postgres:// address")
	}
	if (cmd.SMTP == "") != (cmd.MailFrom == "") {
		return errors.New("--smtp and --mail-from go together: give both, or neither")
	}
	if cmd.SMTP != "" && cmd.URL.URL == nil {
		return errors.New("--smtp needs --url, the public address, for links in mail: --url https://chat.example.org")
	}
	return nil
}

// mail returns the server that takes the site's mail, or nil if there is none.
func (cmd *serveCommand) mail() (*mail.SMTP, error) {
	if cmd.SMTP == "" {
		return nil, nil
	}
	return mail.NewSMTP(string(cmd.SMTP), string(cmd.MailFrom))
}

// bus returns the bus to the site's other servers, and the function that runs it until its context
// ends.
func (cmd *serveCommand) bus(
	ctx context.Context, database *store.Store, log *slog.Logger,
) (live.Bus, func(context.Context), error) {
	if cmd.NATS == "" {
		return live.Alone{}, func(context.Context) {}, nil
	}
	site, err := database.SiteID(ctx)
	if err != nil {
		return nil, nil, err
	}
	bus, err := nats.Connect(string(cmd.NATS), site, log)
	if err != nil {
		return nil, nil, err
	}
	return bus, bus.Run, nil
}

// drain waits until requests under way are answered and live connections are closed, at most
// drainTimeout.
func drain(server *http.Server, site *handlers.Server, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	var draining sync.WaitGroup
	draining.Go(func() {
		if err := server.Shutdown(ctx); err != nil {
			log.Warn("requests were cut off", "error", err)
		}
	})
	draining.Go(func() { site.Drain(ctx) })
	draining.Wait()
}

// greet prints the site's address, where it listens and where its data is, and on a new site, who will
// own it. made tells whether the file is new.
func (cmd *serveCommand) greet(
	ctx context.Context, t terminal, database *store.Store, listening net.Addr, made bool,
) error {
	fmt.Fprintf(t.out, "plaza is open at %s\n", address(cmd.URL, listening))
	data := "keeps its data in " + cmd.DB.place()
	if made {
		data = "made the file " + cmd.DB.place() + " for its data"
	}
	fmt.Fprintf(t.out, "It listens on %s, and %s.\n", listening, data)
	used, err := database.HasUsers(ctx)
	if err == nil && !used {
		fmt.Fprintln(t.out, "The first account to register will own this site.")
	}
	return err
}

// address returns where a browser on this machine finds the site.
func address(public publicAddress, listening net.Addr) string {
	if public.URL != nil {
		return public.URL.String()
	}
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + listening.String()
	}
	return fmt.Sprintf("http://localhost:%d", tcp.Port)
}
