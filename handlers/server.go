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
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/jobs"
	"plaza/handlers/live"
	"plaza/store"
	"plaza/views/markdown"
)

// Config is what a server is made of.
type Config struct {
	Store          *store.Store
	Log            *slog.Logger
	Bus            live.Bus       // to the site's other servers; nil: there are none
	URL            *url.URL       // the public address; nil: taken from each request
	Unlimited      bool           // lifts every rate limit, for load tests
	TrustedProxies []netip.Prefix // whose X-Forwarded-* are believed
	SMTP           *jobs.SMTP     // takes the site's mail; nil: it sends none
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
	mails          *jobs.Runner  // nil: none are sent
	doubt          chan struct{} // holds one token while the database may be away
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
		doubt:          make(chan struct{}, 1),
	}
	var bounds live.Limits
	if !config.Unlimited {
		s.limits = newLimits(config.Store)
		bounds = live.Limits{PerPerson: live.DefaultPerPerson, PerAddress: live.DefaultPerAddress}
	}
	if config.SMTP != nil {
		s.mails = jobs.NewRunner(config.Store, config.SMTP, config.Log)
	}
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
// sessions, what has expired, when people were last here, mail, messages that an older renderer
// made, names that are not listed yet, and a word to open pages while the database is away.
func (s *Server) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	tasks.Go(func() { s.hub.Run(ctx) })
	tasks.Go(func() { s.watchNews(ctx) })
	tasks.Go(func() { s.watchHealth(ctx) })
	tasks.Go(func() { s.expire(ctx) })
	tasks.Go(func() { s.watchSeen(ctx) })
	if s.store.IsShared() {
		tasks.Go(func() { s.keepInTouch(ctx) })
		tasks.Go(func() { s.hub.Poll(ctx, streamSource{s}) })
	}
	if s.mails != nil {
		tasks.Go(func() { s.mails.Run(ctx) })
	}
	tasks.Go(func() { s.renderAgain(ctx) })
	tasks.Go(func() { s.indexNames(ctx) })
	tasks.Wait()
}

// Connections returns how many live connections there are.
func (s *Server) Connections() int { return s.hub.Connections() }

// Drain tells live connections to come back later, and waits until they are gone or ctx
// ends.
func (s *Server) Drain(ctx context.Context) { s.hub.Shutdown(ctx) }

func (s *Server) expire(ctx context.Context) {
	every(ctx, time.Minute, func() {
		if err := s.store.ExpireSessions(ctx); err != nil {
			s.logTrouble(ctx, "expire sessions", err)
		}
		if err := s.store.ExpireNews(ctx); err != nil {
			s.logTrouble(ctx, "expire news", err)
		}
		if err := s.store.ExpireOldUsernames(ctx); err != nil {
			s.logTrouble(ctx, "expire old usernames", err)
		}
		if err := s.store.ExpireLimits(ctx); err != nil {
			s.logTrouble(ctx, "expire limits", err)
		}
		if err := s.store.ExpireEmailChanges(ctx); err != nil {
			s.logTrouble(ctx, "expire changes of emails", err)
		}
		if err := s.store.ExpireNotifications(ctx); err != nil {
			s.logTrouble(ctx, "expire notifications", err)
		}
		if err := s.store.ExpireConcerns(ctx); err != nil {
			s.logTrouble(ctx, "expire concerns", err)
		}
		if err := s.store.ExpireBrowsers(ctx); err != nil {
			s.logTrouble(ctx, "expire browsers", err)
		}
		givenUp, err := s.store.ExpireJobs(ctx)
		if err != nil {
			s.logTrouble(ctx, "expire jobs", err)
		}
		if givenUp > 0 {
			s.log.Error("mails could not be sent, and are given up", "mails", givenUp)
		}
	})
}

func (s *Server) logTrouble(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		s.log.Warn("cannot "+doing, "error", err)
	}
}

// every calls f once a period until ctx ends.
func every(ctx context.Context, period time.Duration, f func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}

// renderAgain brings messages that an older renderer made up to date.
func (s *Server) renderAgain(ctx context.Context) {
	if err := s.store.RenderAgain(ctx, markdown.Renderer, s.markdown); err != nil {
		s.logTrouble(ctx, "render older messages again", err)
	}
}

// indexNames has people find accounts that an older version made.
func (s *Server) indexNames(ctx context.Context) {
	if err := s.store.IndexNames(ctx); err != nil {
		s.logTrouble(ctx, "list names", err)
	}
}
