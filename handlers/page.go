package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// page returns what the layout shows of a viewer; viewer is nil for a visitor.
func (s *Server) page(c echo.Context, viewer *store.Session) views.Page {
	page := s.visitorPage(c)
	if viewer != nil {
		page.Viewer, page.Inbox, page.Theme = &viewer.User, viewer.Inbox, viewer.User.Theme
		page.Navigation = s.navigationPanel(c, viewer)
		page.Stream, page.AsOf = "/ws?inbox="+page.Inbox.Mark(), time.Now().UnixMilli()
		if !s.hub.Counts(viewer.User.ID) { // but is about to be, once the page connects
			page.Online++
		}
	}
	return page
}

// visitorPage returns what the layout shows of a visitor.
func (s *Server) visitorPage(c echo.Context) views.Page {
	page := views.Page{Site: s.site.get(), Online: s.hub.Online(), Theme: theme(c.Request()), Path: "/", Origin: s.origin(c.Request())}
	if c.Request().Method == http.MethodGet {
		page.Path = c.Request().URL.RequestURI()
	}
	return page
}

// seeOther redirects the browser. htmx gets its own header, since it would follow a redirect and swap in
// the page.
func seeOther(c echo.Context, path string) error {
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	if isFragmentRequest(c.Request()) {
		c.Response().Header().Set("HX-Redirect", path)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, path)
}
