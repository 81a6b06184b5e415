package handlers

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// contentPolicy allows the site's own files. It allows nothing inline, nothing from other sites, and no
// frames.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secure sets the headers that every response carries, errors too.
func (s *Server) secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store") // pages are private; handlers of public files override this
		if s.isHTTPS(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// refuseCrossOrigin refuses requests from other sites that could change something.
func (s *Server) refuseCrossOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if err := protection.Check(r); err != nil && r.Header.Get("Origin") != s.origin(r) {
			return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
		}
		return next(c)
	}
}

// isOwnOrigin tells whether the handshake of a socket comes from a page of this site. Browsers always
// send the Origin header.
func (s *Server) isOwnOrigin(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Origin"), s.origin(r))
}

// origin returns the scheme and host of the site: those of --url, or if it is not set, the request's.
func (s *Server) origin(r *http.Request) string {
	if s.url != nil {
		return s.url.Scheme + "://" + s.url.Host
	}
	if s.isHTTPS(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// isHTTPS tells whether the browser's connection is encrypted, even if a trusted proxy ends the
// encryption.
func (s *Server) isHTTPS(r *http.Request) bool {
	switch {
	case s.url != nil:
		return s.url.Scheme == "https"
	case r.TLS != nil:
		return true
	}
	return s.isTrustedProxy(r) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func (s *Server) isTrustedProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	for _, prefix := range s.trustedProxies {
		if prefix.Contains(peer.Addr().Unmap()) {
			return true
		}
	}
	return false
}
