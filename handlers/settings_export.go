package handlers

import (
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/export"
	"plaza/store"
)

// exportTimeout is how long a download may stand still.
const exportTimeout = time.Minute

// getExport sends the viewer a zip with all of the viewer's data, which is made while it is sent. If
// that fails midway, the handler breaks the connection, so that no browser takes a part for the whole.
func (s *Server) getExport(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	if err := s.limits.exporting.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	archive, err := export.New(ctx, s.store, viewer.User, browserInWords)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "application/zip")
	filename := map[string]string{"filename": "plaza-" + viewer.User.Username + ".zip"}
	header.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", filename))
	if err := archive.WriteZip(slowWriter{c.Response(), http.NewResponseController(c.Response())}); err != nil {
		s.logTrouble(ctx, "export a user's data", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// slowWriter is a response that may take as long as its reader goes on reading. Each write puts off
// the write deadline of the server, which is for pages.
type slowWriter struct {
	io.Writer
	*http.ResponseController
}

// Write implements io.Writer.
func (s slowWriter) Write(b []byte) (int, error) {
	if err := s.SetWriteDeadline(time.Now().Add(exportTimeout)); err != nil {
		return 0, err
	}
	return s.Writer.Write(b)
}
