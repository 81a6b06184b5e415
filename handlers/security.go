package handlers

import (
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

// hideToken keeps the address of a page out of the Referer header, even of requests to this site: the address
// has a token. The header Origin stays, by which the site knows its own forms; "no-referrer" would drop it.
func hideToken(c echo.Context) { c.Response().Header().Set("Referrer-Policy", "strict-origin") }
