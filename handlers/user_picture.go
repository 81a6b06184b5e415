package handlers

import (
	"fmt"
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// The width and height of a generated picture, in pixels: crisp at 40 CSS pixels on the densest
// screens, and at 112 on most.
const (
	generatedSide      = 128
	generatedLargeSide = 256
)

// pictures keeps the generated pictures most in use; each takes about a kilobyte.
type pictures struct{ made *lru.Cache[string, []byte] }

func newPictures() *pictures {
	// lru.New only fails on a size that is not positive.
	made, _ := lru.New[string, []byte](2000)
	return &pictures{made}
}

func (p *pictures) of(user store.User, side int) ([]byte, error) {
	key := fmt.Sprintf("%d\x00%s\x00%s", side, user.Username, user.DisplayName)
	if found, ok := p.made.Get(key); ok {
		return found, nil
	}
	png, err := picture.Generate(user.Username, user.DisplayName, side)
	if err == nil {
		p.made.Add(key, png)
	}
	return png, err
}

// getPicture answers with an account's profile picture, which is for all to see. Under the address
// that names its version, as pages have it, it may be kept for ever; under any other, it is to be
// asked for again each time.
func (s *Server) getPicture(c echo.Context) error {
	user, moved, err := s.named(c)
	if err != nil {
		return err
	}
	if moved {
		return follow(c, user, "/picture")
	}
	version, large := views.PictureVersion(user.Person), c.QueryParam("size") == "large"
	tag := fmt.Sprintf(`"%s-%t"`, version, large)
	header := c.Response().Header()
	header.Set("ETag", tag)
	header.Set("Cache-Control", "private, no-cache")
	if c.QueryParam("v") == version {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	content, kind, err := s.pictureOf(c, user, large)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, kind, content)
}

// pictureOf returns the picture that an account has set, or else a generated one.
func (s *Server) pictureOf(c echo.Context, user store.User, large bool) (content []byte, kind string, err error) {
	if user.Picture != "" {
		content, err = s.store.Picture(c.Request().Context(), user, large)
		return content, "image/jpeg", err
	}
	side := generatedSide
	if large {
		side = generatedLargeSide
	}
	content, err = s.pictures.of(user, side)
	return content, "image/png", err
}
