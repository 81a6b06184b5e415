package handlers

import (
	"fmt"
	"net/http"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// The width and height of generated pictures, in pixels. The small one is crisp at 40 CSS pixels on the
// densest screens, the large one at 112 CSS pixels on most screens.
const (
	generatedSide      = 128
	generatedLargeSide = 256
)

// pictures caches the generated pictures that are used most. Each takes about a kilobyte.
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

// getPicture answers with the picture of a user, which is public. Pages use the address that names the
// picture's version; browsers keep that for a year. Under any other address, browsers ask each time.
//
// Pictures are bitmaps. A generated one is SVG if only the viewer's fonts can draw the initial and the request names
// SVG among what it accepts, as browsers do for images. Scripts and desktop notices do not, so they get a bitmap.
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
	vector, err := vectorOf(user)
	if err != nil {
		return err
	}
	if vector != nil {
		header.Add(echo.HeaderVary, echo.HeaderAccept)
		if acceptsVector(c.Request()) {
			tag = fmt.Sprintf(`"%s-vector"`, version)
		} else {
			vector = nil
		}
	}
	header.Set("ETag", tag)
	header.Set("Cache-Control", "private, no-cache")
	if c.QueryParam("v") == version {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	if vector != nil {
		return c.Blob(http.StatusOK, vectorKind, vector)
	}
	content, kind, err := s.pictureOf(c, user, large)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, kind, content)
}

const vectorKind = "image/svg+xml"

// vectorOf returns the picture of a user as SVG, or nil if a bitmap shows as much.
func vectorOf(user store.User) ([]byte, error) {
	if user.Picture != "" {
		return nil, nil
	}
	return picture.Vector(user.Username, user.DisplayName)
}

// acceptsVector tells whether the request asks for SVG by its name. All browsers do that for images.
func acceptsVector(r *http.Request) bool {
	return strings.Contains(r.Header.Get(echo.HeaderAccept), vectorKind)
}

// pictureOf returns the picture that the user has set, or a generated bitmap if there is none.
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
