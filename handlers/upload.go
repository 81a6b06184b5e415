package handlers

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/views/picture"
)

const (
	// uploadTime is how long an upload may take: the largest one at a megabit a second, after a wait.
	uploadTime = 2 * time.Minute
	// uploadRate is the least number of bytes a second that an upload must bring, on average after uploadGrace.
	uploadRate  = 32 << 10
	uploadGrace = 10 * time.Second
	// maxDiscarded is how many bytes of a too large body are read and thrown away. A browser shows no
	// answer before it has sent the whole body.
	maxDiscarded = 64 << 20
)

// uploadBody is the body of an upload. Its reads fail when the body comes too slowly.
type uploadBody struct {
	io.ReadCloser
	controller *http.ResponseController
	begun      time.Time
	read       time.Duration // how long the bytes that were read may take
}

func newUploadBody(c echo.Context) (*uploadBody, error) {
	body := &uploadBody{
		ReadCloser: c.Request().Body, controller: http.NewResponseController(c.Response()), begun: time.Now(),
	}
	// The server's own deadline is too short for a slow connection.
	return body, body.controller.SetWriteDeadline(body.begun.Add(uploadTime + uploadWait + shrinkTime))
}

// Read implements io.Reader.
func (b *uploadBody) Read(p []byte) (int, error) {
	if err := b.controller.SetReadDeadline(b.begun.Add(min(uploadGrace+b.read, uploadTime))); err != nil {
		return 0, err
	}
	n, err := b.ReadCloser.Read(p)
	b.read += time.Duration(n) * time.Second / uploadRate
	return n, err
}

// readUpload reads a form with a picture, and the crop that the form chooses. It reads the form as it
// arrives, so that it holds no more than a picture may have.
func readUpload(c echo.Context) ([]byte, *picture.Crop, error) {
	body, err := newUploadBody(c)
	if err != nil {
		return nil, nil, err
	}
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), body, picture.MaxUpload+maxForm)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, nil, picture.Missing
	}
	upload, values, err := readParts(form)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge) || len(upload) > picture.MaxUpload:
		_, _ = io.CopyN(io.Discard, body, maxDiscarded)
		return nil, nil, picture.LargeFile
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, nil, echo.NewHTTPError(http.StatusRequestTimeout).SetInternal(err)
	case err != nil:
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	case len(upload) == 0:
		return nil, nil, picture.Missing
	}
	crop, err := picture.ParseCrop(values["x"], values["y"], values["size"])
	return upload, crop, err
}

// longestValue is the most that is read of a number in a form, in bytes.
const longestValue = 64

// readParts reads the picture and the other values of a form. Of a picture that is too large it reads one
// byte more than the limit.
func readParts(form *multipart.Reader) (upload []byte, values map[string]string, err error) {
	values = map[string]string{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return upload, values, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == "picture" {
			upload, err = io.ReadAll(io.LimitReader(part, picture.MaxUpload+1))
			if err != nil || len(upload) > picture.MaxUpload {
				return upload, nil, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, longestValue))
		if err != nil {
			return nil, nil, err
		}
		values[part.FormName()] = string(value)
	}
}
