package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const themeCookie = "theme"

// themeSettings is the path of the page with the themes.
const themeSettings = "/settings/theme"

// theme returns the theme that the browser has chosen, "light" or "dark"; "" follows its system. Pages of
// members use the theme of the account instead.
func theme(r *http.Request) string {
	cookie, err := r.Cookie(themeCookie)
	if err != nil {
		return ""
	}
	return lightOrDark(cookie.Value)
}

// lightOrDark returns asked if it is a theme, and "" otherwise.
func lightOrDark(asked string) string {
	if asked == "light" || asked == "dark" {
		return asked
	}
	return ""
}

// postTheme stores a theme in the browser, and for a member in the account too.
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
	next := localPath(values.Get("next"))
	if viewer != nil && next == themeSettings {
		return s.saved(c, next)
	}
	return seeOther(c, next)
}

// keepTheme stores a theme in the browser, for pages without a viewer.
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
