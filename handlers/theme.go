package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const themeCookie = "theme"

// theme is the look the browser chose; "" follows its system.
func theme(r *http.Request) string {
	cookie, err := r.Cookie(themeCookie)
	if err != nil || cookie.Value != "light" && cookie.Value != "dark" {
		return ""
	}
	return cookie.Value
}

// postTheme remembers a look in the browser.
func (s *Server) postTheme(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	cookie := &http.Cookie{ //nolint:gosec // Secure wherever the site is
		Name: themeCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isHTTPS(c.Request()),
	}
	if chosen := values.Get("theme"); chosen == "light" || chosen == "dark" {
		cookie.Value, cookie.MaxAge = chosen, int((365 * 24 * time.Hour).Seconds())
	}
	c.SetCookie(cookie)
	return seeOther(c, localPath(values.Get("next")))
}
