package handlers

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// logRequest logs each request at level debug, with its route. A path may name a person, so it is not
// logged.
func (s *Server) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.log.Enabled(c.Request().Context(), slog.LevelDebug) {
			return next(c)
		}
		began := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // sets the status that is logged
		}
		s.log.Debug("request", "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status,
			"bytes", c.Response().Size, "took", time.Since(began))
		return nil
	}
}
