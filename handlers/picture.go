package handlers

import (
	"net/http"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views/picture"
)

// pictureSide is the width and height of a generated picture, in pixels: crisp at 40 CSS
// pixels on the densest screens, and at 128 on most.
const pictureSide = 128

// pictures keeps the generated pictures most in use; each takes about a kilobyte.
type pictures struct{ made *lru.Cache[string, []byte] }

func newPictures() *pictures {
	// lru.New only fails on a size that is not positive.
	made, _ := lru.New[string, []byte](2000)
	return &pictures{made}
}

func (p *pictures) of(user store.User) ([]byte, error) {
	key := user.Username + "\x00" + user.DisplayName
	if found, ok := p.made.Get(key); ok {
		return found, nil
	}
	png, err := picture.Generate(user.Username, user.DisplayName, pictureSide)
	if err == nil {
		p.made.Add(key, png)
	}
	return png, err
}

// getPicture answers with an account's profile picture. Pictures are for all to see, and
// may be kept for a while, by whom they are sent to.
func (s *Server) getPicture(c echo.Context) error {
	user, err := s.store.UserByName(c.Request().Context(), usernameParam(c))
	if err != nil {
		return err
	}
	png, err := s.pictures.of(user)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=3600")
	return c.Blob(http.StatusOK, "image/png", png)
}
