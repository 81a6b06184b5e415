package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/views"
)

// healthPath is the path at which load balancers ask for the server's health.
const healthPath = "/healthz"

// getHealth tells a load balancer whether to send requests to this server.
func (s *Server) getHealth(c echo.Context) error {
	if err := s.ping(c.Request().Context()); err != nil {
		s.log.Warn("not healthy", "error", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer")
	}
	return c.String(http.StatusOK, "ok")
}

// ping returns an error unless the database answers within two seconds and can take a write.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return s.store.Ping(ctx)
}

// recheckHealth makes watchHealth check the database, after a request has failed for lack of it.
func (s *Server) recheckHealth() {
	select {
	case s.recheck <- struct{}{}:
	default:
	}
}

// healthInterval is how often the server checks whether a lost database is back.
const healthInterval = time.Second

// The content of #connection on open pages, while the database is away and after it is back.
var (
	unhealthyNotice = partial("#connection", "textContent", []byte(views.Outage()))
	healthyNotice   = partial("#connection", "textContent")
)

// watchHealth makes open pages say that the database is away, from the first request that fails
// for lack of it until it is back. It sends no query while the database is well.
func (s *Server) watchHealth(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.recheck:
		}
		if s.ping(ctx) == nil {
			continue
		}
		s.hub.SetNotice(unhealthyNotice)
		s.awaitHealth(ctx)
		s.hub.SetNotice(healthyNotice)
	}
}

// awaitHealth returns when the database is back or ctx ends.
func (s *Server) awaitHealth(ctx context.Context) {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	live.Every(waiting, healthInterval, nil, func() {
		if s.ping(ctx) == nil {
			stop()
		}
	})
}
