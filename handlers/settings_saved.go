package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// savedCookie says that a form was saved. The browser sends it only to the page that shows that.
const savedCookie = "saved"

// saved leads back to a form that was saved. The page says so once: it takes the cookie back, so that it says
// nothing when it is loaded again.
func (s *Server) saved(c echo.Context, path string) error {
	s.setSavedCookie(c, path, savedLifetime)
	return seeOther(c, path)
}

// savedLifetime is how long the browser may take to get there.
const savedLifetime = time.Minute

// takeSaved tells whether saved led to this page. It tells so once.
func (s *Server) takeSaved(c echo.Context) bool {
	r := c.Request()
	if _, err := r.Cookie(savedCookie); err != nil || r.Method != http.MethodGet {
		return false
	}
	s.setSavedCookie(c, r.URL.Path, -time.Second)
	return true
}

// setSavedCookie sets the cookie of the page with a path. A negative lifetime removes it.
func (s *Server) setSavedCookie(c echo.Context, path string, lifetime time.Duration) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure wherever the site is
		Name: savedCookie, Value: "1", Path: path, MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isHTTPS(c.Request()),
	})
}
