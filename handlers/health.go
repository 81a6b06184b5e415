package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/views"
)

// getHealth tells a balancer whether to send people here.
func (s *Server) getHealth(c echo.Context) error {
	if err := s.ping(c.Request().Context()); err != nil {
		s.log.Warn("not healthy", "error", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer")
	}
	return c.String(http.StatusOK, "ok")
}

// ping reports whether the database answers in time and could take a write.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return s.store.Ping(ctx)
}

// recheckHealth has watchHealth look after the database, as something was not to be had.
func (s *Server) recheckHealth() {
	select {
	case s.recheck <- struct{}{}:
	default:
	}
}

// healthInterval is how often it is looked whether a database that is away is back.
const healthInterval = time.Second

// What open pages are shown while the database is away, and once it is back.
var (
	unhealthyNotice = partial("#connection", "textContent", []byte(views.Outage()))
	healthyNotice   = partial("#connection", "textContent")
)

// watchHealth has open pages say that the database is away, from when that is met until it is
// back. A database that is well is not asked for that.
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

// awaitHealth returns once the database is back, or ctx ends.
func (s *Server) awaitHealth(ctx context.Context) {
	ticker := time.NewTicker(healthInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.ping(ctx) == nil {
				return
			}
		}
	}
}
