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
	// uploadsAtOnce is how many uploads are held in memory, each of picture.MaxUpload at most.
	uploadsAtOnce = 8
	// uploadTime is how long one may take: the largest at a megabit a second, with a wait before.
	uploadTime = 2 * time.Minute
	// uploadWait is how long one waits until there is room for it.
	uploadWait = 30 * time.Second
	// unwanted is how much more of a body that is too large is read: a browser shows no answer
	// that comes before it has sent all.
	unwanted = 64 << 20
)

// uploads bounds what pictures take of the machine while they are taken in.
type uploads struct {
	held      chan struct{} // a token for each upload in memory
	shrinking chan struct{} // a token while one is decoded, which takes far more
}

func newUploads() uploads {
	return uploads{held: make(chan struct{}, uploadsAtOnce), shrinking: make(chan struct{}, 1)}
}

// take puts a token in as soon as there is room; whoever took it gives it back.
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

func giveWay(places chan struct{}) { <-places }

// shrink makes a profile picture of an upload, once it is its turn.
func (u uploads) shrink(ctx context.Context, upload []byte, crop *picture.Crop) (store.Picture, error) {
	if err := take(ctx, u.shrinking); err != nil {
		return store.Picture{}, err
	}
	defer giveWay(u.shrinking)
	// Before the next one's turn, or what two take would be held for a while.
	defer runtime.GC()
	large, small, err := picture.Shrink(upload, crop)
	return store.Picture{Large: large, Small: small}, err
}

// readUpload reads a form with a picture, and which part of it was chosen, as it comes: so that no
// more is held than may be.
func readUpload(c echo.Context) ([]byte, *picture.Crop, error) {
	// The deadlines that all requests have are too soon for a slow line.
	deadline := time.Now().Add(uploadTime)
	controller := http.NewResponseController(c.Response())
	if err := errors.Join(controller.SetReadDeadline(deadline), controller.SetWriteDeadline(deadline.Add(uploadWait))); err != nil {
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
		_, _ = io.CopyN(io.Discard, body, unwanted)
		return nil, nil, picture.LargeFile
	case err != nil:
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	case len(upload) == 0:
		return nil, nil, picture.Missing
	}
	crop, err := picture.ParseCrop(values["x"], values["y"], values["size"])
	return upload, crop, err
}

// longestValue is more than any number in a form needs, in bytes.
const longestValue = 64

// readParts reads the picture of a form, and no more of it than shows that it is too large, and the
// other values.
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
			if upload, err = io.ReadAll(io.LimitReader(part, picture.MaxUpload+1)); err != nil || len(upload) > picture.MaxUpload {
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
