package handlers

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// refuseCrossOrigin refuses requests from other sites that could change something.
func (s *Server) refuseCrossOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if err := protection.Check(r); err != nil && !s.isOwnOrigin(r) {
			s.logOrigin(r)
			return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
		}
		return next(c)
	}
}

// isOwnOrigin tells whether a request comes from a page of this site. Browsers always send the Origin
// header with the handshake of a socket.
func (s *Server) isOwnOrigin(r *http.Request) bool {
	return canonicalOrigin(r.Header.Get("Origin")) == s.origin(r)
}

// origin returns the scheme and host of the site: those of --url, or if it is not set, the request's.
func (s *Server) origin(r *http.Request) string {
	if s.url != nil {
		return canonicalOrigin(s.url.Scheme + "://" + s.url.Host)
	}
	if s.isHTTPS(r) {
		return canonicalOrigin("https://" + r.Host)
	}
	return canonicalOrigin("http://" + r.Host)
}

// canonicalOrigin returns an origin as browsers write it: in lower case, without the port that the scheme
// implies. Some proxies add that port to the Host header.
func canonicalOrigin(origin string) string {
	origin = strings.ToLower(origin)
	if strings.HasPrefix(origin, "https://") {
		return strings.TrimSuffix(origin, ":443")
	}
	return strings.TrimSuffix(origin, ":80")
}

// maxLoggedOrigin is how much of an Origin header is logged, in bytes. DNS allows names of 253.
const maxLoggedOrigin = 300

// logOriginEvery is how often a refused origin is logged. If the address of a site is not what its owner
// thinks, the site refuses everything and the log must say so. But nobody may fill the log.
const logOriginEvery = time.Minute

// logOrigin logs that a request is refused for its origin.
func (s *Server) logOrigin(r *http.Request) {
	came, logs := r.Header.Get("Origin"), false
	if came != "" { // else no browser sends it
		s.refusedOrigins.Do(func() { logs = true })
	}
	if !logs {
		return
	}
	s.log.Warn("a request is refused, because its Origin is not the site's: see --url and --trusted-proxies",
		"origin", came[:min(len(came), maxLoggedOrigin)], "expected", s.origin(r))
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
	// Each of several proxies may add its own: the first is the browser's.
	browsers, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ",")
	return s.isTrustedProxy(r) && strings.EqualFold(strings.TrimSpace(browsers), "https")
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
