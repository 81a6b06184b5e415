package handlers

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// logRequest writes one line a request at debug: its route, not its path, which may name
// a person.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.log.Enabled(c.Request().Context(), slog.LevelDebug) {
			return next(c)
		}
		began := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // answered now, so that its status is known
		}
		s.log.Debug("request", "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status,
			"bytes", c.Response().Size, "took", time.Since(began))
		return nil
	}
}
