package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// getHealth tells a balancer whether to send people here.
func (s *Server) getHealth(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		s.log.Warn("not healthy", "error", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer")
	}
	return c.String(http.StatusOK, "ok")
}
