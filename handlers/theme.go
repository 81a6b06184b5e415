package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const themeCookie = "theme"

// theme is the look the browser chose; "" follows its system. A member's pages go by the
// account's.
func theme(r *http.Request) string {
	cookie, err := r.Cookie(themeCookie)
	if err != nil {
		return ""
	}
	return lightOrDark(cookie.Value)
}

// lightOrDark is a look that was asked for; "" where that is neither.
func lightOrDark(asked string) string {
	if asked == "light" || asked == "dark" {
		return asked
	}
	return ""
}

// postTheme remembers a look in the browser, and for a member in the account too.
func (s *Server) postTheme(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	chosen := lightOrDark(values.Get("theme"))
	if viewer != nil {
		if err := s.store.ChangeTheme(c.Request().Context(), viewer.User, chosen); err != nil {
			return err
		}
	}
	s.keepTheme(c, chosen)
	return seeOther(c, localPath(values.Get("next")))
}

// keepTheme has the browser remember a look, for pages that do not know who is asking.
func (s *Server) keepTheme(c echo.Context, chosen string) {
	if chosen == theme(c.Request()) {
		return
	}
	cookie := &http.Cookie{ //nolint:gosec // Secure wherever the site is
		Name: themeCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isHTTPS(c.Request()),
	}
	if chosen != "" {
		cookie.Value, cookie.MaxAge = chosen, int((365 * 24 * time.Hour).Seconds())
	}
	c.SetCookie(cookie)
}
