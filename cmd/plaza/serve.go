package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"plaza/handlers"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/live"
	"plaza/handlers/live/nats"
	"plaza/handlers/openid"
	"plaza/store"
)

type serveCommand struct {
	Addr           listenAddress   `placeholder:"HOST:PORT" help:"Where HTTP listens; with --domain or a certificate only where this is given (:8080)."`
	DB             databaseAddress `name:"db" default:"plaza.db" placeholder:"FILE" help:"The SQLite file, or a postgres:// address (${default})."`
	NATS           busAddress      `name:"nats" placeholder:"URL" help:"A NATS server that carries messages between several servers on one PostgreSQL (default: none)."`
	URL            publicAddress   `name:"url" placeholder:"URL" help:"The public address, for secure cookies behind a proxy and for links in mail (default: from the request)."`
	Domain         domains         `placeholder:"NAME,…" help:"The names that the site has on the internet, the main one first: an authority gives certificates for them (default: none)."`
	HTTPAddr       listenAddress   `name:"http-addr" default:":80" placeholder:"HOST:PORT" help:"With --domain or a certificate: where HTTP leads to HTTPS (${default})."`
	HTTPSAddr      listenAddress   `name:"https-addr" default:":443" placeholder:"HOST:PORT" help:"With --domain or a certificate: where HTTPS listens (${default})."`
	ACMEDirectory  authority       `name:"acme-directory" default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL" help:"The authority that gives certificates, by ACME (${default})."`
	ACMEEmail      sender          `name:"acme-email" placeholder:"ADDRESS" help:"Where the authority may write to (default: none)."`
	ACMECA         rootsFile       `name:"acme-ca" placeholder:"FILE" help:"A PEM file of roots to trust for the authority itself (default: the system's)."`
	TLSCert        string          `name:"tls-cert" placeholder:"FILE" help:"A PEM file of a certificate and its chain, instead of an authority's; read again when it changes (default: none)."`
	TLSKey         string          `name:"tls-key" placeholder:"FILE" help:"The PEM file of the certificate's key (default: none)."`
	SMTP           mailServer      `name:"smtp" placeholder:"URL" help:"A server that takes mail, which verifies email addresses: smtp:// with STARTTLS, or smtps:// (default: none)."`
	MailFrom       sender          `placeholder:"ADDRESS" help:"The sender of the site's mail; goes with --smtp (default: none)."`
	Registration   registration    `placeholder:"WHO" help:"Who may create an account, whatever the owner has chosen: open, invite or closed (default: what the owner has chosen)."`
	OIDCIssuer     issuer          `name:"oidc-issuer" placeholder:"URL" help:"A provider that signs people in, by OpenID Connect (default: none)."`
	OIDCID         string          `name:"oidc-id" placeholder:"ID" help:"What the provider calls this site (default: none)."`
	OIDCSecret     string          `name:"oidc-secret" placeholder:"SECRET" help:"The site's secret at the provider (default: none)."`
	Limits         string          `enum:"on,off" default:"on" help:"Rate limits: on, or off for load tests (${default})."`
	TrustedProxies proxies         `placeholder:"PREFIX,…" help:"Proxies whose X-Forwarded-For and X-Forwarded-Proto to trust: addresses or prefixes (default: none)."`
	LogLevel       logLevel        `default:"info" placeholder:"LEVEL" help:"The lowest level to log: debug, info, warn or error (${default})."`
}

// drainTimeout is shorter than service managers wait before they kill a program (10 s or more).
const drainTimeout = 8 * time.Second

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
	shown, err := cmd.certificates(database, log)
	if err != nil {
		return errors.Join(err, database.Close())
	}
	config := handlers.Config{
		Store: database, Log: log, Bus: bus, URL: cmd.publicURL(),
		Unlimited: cmd.Limits == "off", TrustedProxies: cmd.TrustedProxies, SMTP: mail, Provider: cmd.provider(),
		SetupByLoopback: cmd.publicURL() == nil && cmd.TLSCert == "", Registration: store.Registration(cmd.Registration),
	}
	if shown != nil {
		config.HasName = cmd.hasName(shown)
	}
	site := handlers.New(config)
	doors, err := cmd.open(site, shown, log)
	if err != nil {
		return errors.Join(err, database.Close())
	}
	if err := cmd.greet(ctx, t, database, doors, made); err != nil {
		return errors.Join(err, doors.Close(), database.Close())
	}

	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { site.Run(background) })
	running.Go(func() { carry(background) })
	running.Go(func() { saveMemory(background, site.Connections) })
	if shown != nil {
		running.Go(func() { shown.Run(background) })
	}
	failed := make(chan error, len(doors))
	for _, door := range doors {
		running.Go(func() { failed <- door.serve() })
	}

	select {
	case err = <-failed:
	case <-ctx.Done():
		log.Info("draining")
	}
	drain(doors, site, log)
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
	if (cmd.OIDCIssuer == "") != (cmd.OIDCID == "") || (cmd.OIDCIssuer == "") != (cmd.OIDCSecret == "") {
		return errors.New("--oidc-issuer, --oidc-id and --oidc-secret go together: give all, or none")
	}
	if cmd.SMTP != "" && cmd.publicURL() == nil {
		return errors.New("--smtp needs --url, the public address, for links in mail: --url https://chat.example.org")
	}
	return cmd.validateNames()
}

// provider returns what signs people in, or nil if there is none.
func (cmd *serveCommand) provider() *openid.Provider {
	if cmd.OIDCIssuer == "" {
		return nil
	}
	return openid.New(openid.Config{Issuer: string(cmd.OIDCIssuer), ID: cmd.OIDCID, Secret: cmd.OIDCSecret})
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
func drain(doors doors, site *handlers.Server, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	var draining sync.WaitGroup
	for _, door := range doors {
		draining.Go(func() {
			if err := door.server.Shutdown(ctx); err != nil {
				log.Warn("requests were cut off", "error", err)
			}
		})
	}
	draining.Go(func() { site.Drain(ctx) })
	draining.Wait()
}

// greet prints the site's address, where it listens and where its data is, and on a new site, who will
// own it. made tells whether the file is new.
func (cmd *serveCommand) greet(
	ctx context.Context, t terminal, database *store.Store, doors doors, made bool,
) error {
	fmt.Fprintf(t.out, "plaza is open at %s\n", address(cmd.publicURL(), doors[0].listener.Addr()))
	data := "keeps its data in " + cmd.DB.place()
	if made {
		data = "made the file " + cmd.DB.place() + " for its data"
	}
	fmt.Fprintf(t.out, "It listens on %s, and %s.\n", doors, data)
	return cmd.offerSetup(ctx, t, database, address(cmd.publicURL(), doors[0].listener.Addr()))
}

// offerSetup prints the address that makes the owner's account, if the site has no owner.
func (cmd *serveCommand) offerSetup(ctx context.Context, t terminal, database *store.Store, origin string) error {
	token, err := database.NewSetupToken(ctx)
	switch store.KindOf(err) {
	case store.Conflict:
		return nil
	case store.Unavailable: // the database may be read-only for now
		fmt.Fprintln(t.out, "It has no owner yet: `plaza setup-link` prints the address that makes one.")
		return nil
	}
	if err != nil {
		return err
	}
	if cmd.publicURL() == nil && cmd.TLSCert == "" {
		fmt.Fprintln(t.out, "The first account to register on this machine will own this site.")
		fmt.Fprintf(t.out, "On another machine, open this address by this one's name instead: %s\n", setupAddress(origin, token))
		return nil
	}
	fmt.Fprintf(t.out, "Open this address to create the account that owns this site: %s\n", setupAddress(origin, token))
	return nil
}

// address returns where a browser on this machine finds the site.
func address(public *url.URL, listening net.Addr) string {
	if public != nil {
		return public.String()
	}
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || len(tcp.IP) > 0 && !tcp.IP.IsUnspecified() {
		return "http://" + listening.String()
	}
	return fmt.Sprintf("http://localhost:%d", tcp.Port)
}
