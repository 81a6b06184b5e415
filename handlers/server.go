// Package handlers answers HTTP requests. A handler reads the request, makes one call of the store,
// and renders a page, or for htmx a fragment of the page.
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/live"
	"plaza/handlers/openid"
	"plaza/store"
)

// Config configures a Server.
type Config struct {
	Store *store.Store
	Log   *slog.Logger
	Bus   live.Bus // reaches the other servers of the site; nil if there are none
	URL   *url.URL // the public address; nil to take it from each request
	// HasName tells whether a name is the site's, which answers no requests for others; nil if all are.
	HasName        func(name string) bool
	Unlimited      bool             // turns every rate limit off, for load tests
	TrustedProxies []netip.Prefix   // the proxies whose X-Forwarded-* headers are believed
	Provider       *openid.Provider // signs people in by OpenID Connect; nil for none
	SMTP           *mail.SMTP       // takes the mail of the site, whose links need URL; nil to send none
	// SetupByLoopback lets the first person who registers from this machine own the site, without the token of the setup
	// address. It is for sites that have no public address.
	SetupByLoopback bool
	// Registration overrides the site's own setting; "" does not.
	Registration store.Registration
}

// Server answers the requests of the site.
type Server struct {
	store           *store.Store
	log             *slog.Logger
	url             *url.URL
	hasName         func(name string) bool // nil: all names are the site's
	trustedProxies  []netip.Prefix
	provider        *openid.Provider // nil: none
	limits          limits
	site            *siteSettings
	hub             *live.Hub
	bus             live.Bus
	echo            *echo.Echo
	pictures        *pictures
	uploads         *uploads
	mentions        *mentions
	jobs            *jobs.Runner
	setupByLoopback bool
	refusedOrigins  *rate.Sometimes // when to log one
	recheck         chan struct{}   // holds one token while the database may be away
	peopleChanged   atomic.Int64    // counts changes of names and pictures that this server has seen
}

// New returns a server. It answers requests at once. Live connections also need Run.
func New(config Config) *Server {
	s := &Server{
		store:           config.Store,
		log:             config.Log,
		url:             config.URL,
		hasName:         config.HasName,
		provider:        config.Provider,
		trustedProxies:  config.TrustedProxies,
		setupByLoopback: config.SetupByLoopback,
		site:            &siteSettings{store: config.Store, override: config.Registration},
		pictures:        newPictures(),
		uploads:         newUploads(),
		mentions:        newMentions(config.Store),
		refusedOrigins:  &rate.Sometimes{Interval: logOriginEvery},
		recheck:         make(chan struct{}, 1),
	}
	var bounds live.Limits
	if !config.Unlimited {
		s.limits = newLimits(config.Store)
		bounds = live.Limits{PerPerson: live.DefaultPerPerson, PerAddress: live.DefaultPerAddress}
	}
	work := map[store.JobKind]jobs.Handler{}
	if config.SMTP != nil {
		work[store.MailJob] = mail.NewSender(config.SMTP, config.Store).Send
		work[store.ResetJob] = s.sendReset
	}
	s.jobs = jobs.New(config.Store, config.Log, work)
	s.bus = config.Bus
	if s.bus == nil {
		s.bus = live.Alone{}
	}
	s.hub = live.NewHub(streamSource{s}, bounds, s.bus)
	s.echo = s.routes()
	return s
}

// ServeHTTP implements http.Handler. It answers a HEAD request as a GET request; net/http then sends
// the header alone. A HEAD request opens no stream.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		get.Header = r.Header.Clone()
		get.Header.Del("Upgrade")
		r = &get
	}
	s.echo.ServeHTTP(w, r)
}

// Connections returns the number of live connections.
func (s *Server) Connections() int { return s.hub.Connections() }

// Drain closes live connections, whose pages then connect again, and waits until they are closed
// or ctx ends.
func (s *Server) Drain(ctx context.Context) { s.hub.Shutdown(ctx) }

// sendsMail reports whether the site can send mail.
func (s *Server) sendsMail() bool { return s.jobs.Handles(store.MailJob) }
