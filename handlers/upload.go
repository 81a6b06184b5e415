package handlers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views/picture"
)

const (
	// uploadsAtOnce is how many uploads are held in memory.
	uploadsAtOnce = 8
	// uploadTime is how long an upload may take: the largest one at a megabit a second, after a wait.
	uploadTime = 2 * time.Minute
	// uploadWait is how long an upload waits for a place.
	uploadWait = 30 * time.Second
	// maxDiscarded is how many bytes of a too large body are read and thrown away. A browser shows no
	// answer before it has sent the whole body.
	maxDiscarded = 64 << 20
)

// uploads bounds the memory and processor time that uploads of pictures take.
type uploads struct {
	held      chan struct{} // holds a token for each upload in memory
	shrinking chan struct{} // holds a token while an upload is decoded, which takes far more
}

func newUploads() uploads {
	return uploads{held: make(chan struct{}, uploadsAtOnce), shrinking: make(chan struct{}, 1)}
}

// take waits for a place and takes it. The caller must call release.
func take(ctx context.Context, places chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &store.Error{Kind: store.Unavailable, Code: store.CodeTooManyUploads, Err: ctx.Err()}
	}
}

func release(places chan struct{}) { <-places }

// shrink waits for its turn, and makes a profile picture of an upload.
func (u uploads) shrink(ctx context.Context, upload []byte, crop *picture.Crop) (store.Picture, error) {
	if err := take(ctx, u.shrinking); err != nil {
		return store.Picture{}, err
	}
	defer release(u.shrinking)
	// Free the memory before the next turn, or two pictures would take it at once.
	defer runtime.GC()
	large, small, err := picture.Shrink(upload, crop)
	return store.Picture{Large: large, Small: small}, err
}

// readUpload reads a form with a picture, and the crop that the form chooses. It reads the form as it
// arrives, so that it holds no more than a picture may have.
func readUpload(c echo.Context) ([]byte, *picture.Crop, error) {
	// The server's own deadlines are too short for a slow connection.
	deadline := time.Now().Add(uploadTime)
	controller := http.NewResponseController(c.Response())
	err := errors.Join(controller.SetReadDeadline(deadline), controller.SetWriteDeadline(deadline.Add(uploadWait)))
	if err != nil {
		return nil, nil, err
	}
	r := c.Request()
	body := r.Body
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
