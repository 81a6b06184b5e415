package handlers

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
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

// panicked is an error with the stack of the panic it stands for.
func panicked(r any) error { return fmt.Errorf("panic: %v\n%s", r, debug.Stack()) }

func ipNet(prefix netip.Prefix) *net.IPNet {
	prefix = prefix.Masked()
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
}
