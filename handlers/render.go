package handlers

import (
	"bytes"
	"context"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
)

// respond answers htmx with the fragment, and browsers with the page. No other function chooses between
// the two, so every such answer has its Vary header.
func respond(c echo.Context, status int, page, fragment templ.Component) error {
	if isFragmentRequest(c.Request()) {
		return render(c, status, fragment)
	}
	return render(c, status, page)
}

// render writes a component after it is rendered in full, so that a failure can still be answered.
func render(c echo.Context, status int, component templ.Component) error {
	return renderAround(c, status, component, live.Page{})
}

// renderAround is render for a component that contains the shared page of a room.
func renderAround(c echo.Context, status int, component templ.Component, shared live.Page) error {
	html := takeBuffer()
	defer giveBack(html)
	if err := component.Render(context.Background(), html); err != nil {
		return err
	}
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	return sendHTML(c, status, html.Bytes(), shared)
}

// buffers keeps the buffers of answers for reuse. A page takes tens of kilobytes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func takeBuffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

// giveBack returns a buffer to the pool. Its content must not be used afterwards.
func giveBack(b *bytes.Buffer) {
	b.Reset()
	buffers.Put(b)
}

// toBytes renders a component to bytes.
func toBytes(component templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := component.Render(context.Background(), &b)
	return b.Bytes(), err
}
