// Package handlers answers HTTP: a handler binds what came, asks the store once, and
// renders a page, or a fragment of it for htmx.
package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"plaza/handlers/jobs"
	"plaza/handlers/jobs/mail"
	"plaza/handlers/live"
	"plaza/store"
)

// Config is what a server is made of.
type Config struct {
	Store          *store.Store
	Log            *slog.Logger
	Bus            live.Bus       // to the site's other servers; nil: there are none
	URL            *url.URL       // the public address; nil: taken from each request
	Unlimited      bool           // lifts every rate limit, for load tests
	TrustedProxies []netip.Prefix // whose X-Forwarded-* are believed
	SMTP           *mail.SMTP     // takes the site's mail; nil: it sends none
}

// Server is the site.
type Server struct {
	store          *store.Store
	log            *slog.Logger
	url            *url.URL
	trustedProxies []netip.Prefix
	limits         limits
	hub            *live.Hub
	bus            live.Bus
	echo           *echo.Echo
	pictures       *pictures
	uploads        uploads
	mentions       *mentions
	jobs           *jobs.Runner
	recheck        chan struct{} // holds one token while the database may be away
	peopleChanged  atomic.Int64  // how often people were found to be called differently, or to look different
}

// New makes a server. It answers requests at once; Run keeps its live side going.
func New(config Config) *Server {
	s := &Server{
		store:          config.Store,
		log:            config.Log,
		url:            config.URL,
		trustedProxies: config.TrustedProxies,
		pictures:       newPictures(),
		uploads:        newUploads(),
		mentions:       newMentions(config.Store),
		recheck:        make(chan struct{}, 1),
	}
	var bounds live.Limits
	if !config.Unlimited {
		s.limits = newLimits(config.Store)
		bounds = live.Limits{PerPerson: live.DefaultPerPerson, PerAddress: live.DefaultPerAddress}
	}
	work := map[store.JobKind]jobs.Handler{}
	if config.SMTP != nil {
		work[store.MailJob] = config.SMTP.Send
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

// ServeHTTP answers one request. HEAD is answered as GET, of which net/http then sends the
// header alone.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.echo.ServeHTTP(w, r)
}

// Run keeps the live side going until ctx ends: presence, lost connections, ended
// sessions, what has expired, when people were last here, jobs, messages that an older renderer
// made, and a word to open pages while the database is away.
func (s *Server) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	tasks.Go(func() { s.hub.Run(ctx) })
	tasks.Go(func() { s.watchSiteEvents(ctx) })
	tasks.Go(func() { s.watchHealth(ctx) })
	tasks.Go(func() { s.expire(ctx) })
	tasks.Go(func() { s.watchSeen(ctx) })
	if s.store.IsShared() {
		tasks.Go(func() { s.keepInTouch(ctx) })
		tasks.Go(func() { s.hub.Poll(ctx, streamSource{s}) })
	}
	tasks.Go(func() { s.jobs.Run(ctx) })
	tasks.Go(func() { s.renderAgain(ctx) })
	tasks.Wait()
}

// Connections returns how many live connections there are.
func (s *Server) Connections() int { return s.hub.Connections() }

// Drain tells live connections to come back later, and waits until they are gone or ctx
// ends.
func (s *Server) Drain(ctx context.Context) { s.hub.Shutdown(ctx) }

// sendsMail reports whether the site can send mail.
func (s *Server) sendsMail() bool { return s.jobs.Handles(store.MailJob) }
