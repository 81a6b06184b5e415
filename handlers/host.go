package handlers

import (
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/views"
)

// hostName returns the name in a Host header as DNS has it: without a port and a last dot, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// checkHost answers only requests for the site's names, if these are known. All others may be of somebody who points a
// name of theirs at this server. It leads the names beside the main one to that. A load balancer knows no names.
func (s *Server) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.hasName == nil || c.Path() == healthPath {
			return next(c)
		}
		switch name := hostName(c.Request().Host); {
		case !s.hasName(name):
			return c.String(http.StatusMisdirectedRequest, views.StatusSentence(http.StatusMisdirectedRequest))
		case s.url != nil && name != s.url.Hostname():
			return c.Redirect(http.StatusPermanentRedirect, s.url.String()+c.Request().URL.RequestURI())
		}
		return next(c)
	}
}

// Redirect returns what listens on the port of HTTP beside HTTPS: it answers the authority that gives certificates, by
// the function challenge, and leads browsers to HTTPS.
func (s *Server) Redirect(challenge func(w http.ResponseWriter, r *http.Request, name string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := hostName(r.Host)
		switch {
		case !s.hasName(name):
			http.Error(w, views.StatusSentence(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
		case challenge(w, r, name):
		case s.url != nil:
			http.Redirect(w, r, s.url.String()+r.URL.RequestURI(), http.StatusPermanentRedirect) //nolint:gosec // to this site
		default:
			http.Redirect(w, r, "https://"+name+r.URL.RequestURI(), http.StatusPermanentRedirect) //nolint:gosec // a name of the site
		}
	})
}
