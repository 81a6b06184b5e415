package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/static"
)

// siteFile answers with a static file at an address that browsers and crawlers ask for by themselves. The
// address cannot change with the file, so they keep the file for a day.
func siteFile(name, kind string) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=86400")
		return c.Blob(http.StatusOK, kind, static.Content(name))
	}
}
