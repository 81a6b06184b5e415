package handlers

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// isFragmentRequest tells whether htmx asks, which wants the fragment alone.
func isFragmentRequest(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// respond answers with the fragment where htmx asks, and else with the page. It is the
// one place where that is decided, so that caches are told each time.
func respond(c echo.Context, status int, page, fragment templ.Component) error {
	if isFragmentRequest(c.Request()) {
		return render(c, status, fragment)
	}
	return render(c, status, page)
}

// render writes a component once it is whole, so that a failure can still be answered.
func render(c echo.Context, status int, component templ.Component) error {
	return renderAround(c, status, component, live.Page{})
}

// renderAround is render for a component that shows a room's page.
func renderAround(c echo.Context, status int, component templ.Component, shared live.Page) error {
	html := takeBuffer()
	defer giveBack(html)
	if err := component.Render(context.Background(), html); err != nil {
		return err
	}
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	return sendHTML(c, status, html.Bytes(), shared)
}

// buffers keeps those that answers were made in: a page has tens of kilobytes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func takeBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

// giveBack returns a buffer whose content is not used any more.
func giveBack(b *bytes.Buffer) {
	b.Reset()
	buffers.Put(b)
}

// toBytes renders a component.
func toBytes(component templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := component.Render(context.Background(), &b)
	return b.Bytes(), err
}

// page is what the layout needs for a viewer's page; viewer is nil for a visitor.
func (s *Server) page(c echo.Context, title string, viewer *store.Session) views.Page {
	page := s.visitorPage(c, title)
	if viewer != nil {
		page.Viewer, page.Inbox, page.Theme = &viewer.User, viewer.Inbox, viewer.User.Theme
		page.Stream = "/ws?inbox=" + page.Inbox.Mark()
		page.AsOf = time.Now().UnixMilli()
	}
	return page
}

func (s *Server) visitorPage(c echo.Context, title string) views.Page {
	page := views.Page{Title: title, Online: s.hub.Online(), Theme: theme(c.Request()), Path: "/"}
	if c.Request().Method == http.MethodGet {
		page.Path = c.Request().URL.RequestURI()
	}
	return page
}

// seeOther sends the browser on: htmx by its own header, since it would follow a redirect
// and swap in what it finds there.
func seeOther(c echo.Context, path string) error {
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	if isFragmentRequest(c.Request()) {
		c.Response().Header().Set("HX-Redirect", path)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, path)
}
