package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// croppingPolicy also allows a page to show a picture before it is uploaded.
var croppingPolicy = strings.Replace(contentPolicy, "img-src 'self'", "img-src 'self' blob:", 1)

func (s *Server) getPictureSettings(c echo.Context, viewer *store.Session) error {
	return s.showPictureSettings(c, viewer, http.StatusOK, views.PictureForm{})
}

func (s *Server) showPictureSettings(c echo.Context, viewer *store.Session, status int, form views.PictureForm) error {
	c.Response().Header().Set("Content-Security-Policy", croppingPolicy)
	form.User = viewer.User
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.PictureSettings(page, form), views.PictureSettingsFragment(form))
}

// postPicture sets the viewer's picture from a form.
func (s *Server) postPicture(c echo.Context, viewer *store.Session) error {
	if err := s.setPicture(c, viewer); err != nil {
		return s.refuse(c, err, func(status int) error {
			return s.showPictureSettings(c, viewer, status, views.PictureForm{Submission: submission(err, "picture")})
		})
	}
	s.bus.Events()
	return s.saved(c, pictureSettings)
}

func (s *Server) setPicture(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	if err := s.limits.uploading.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	release, err := s.uploads.hold(ctx, viewer.User.ID)
	if err != nil {
		return err
	}
	defer release()
	upload, crop, err := readUpload(c)
	if err != nil {
		return err
	}
	picture, err := s.uploads.shrink(ctx, upload, crop)
	if err != nil {
		return err
	}
	return s.store.SetPicture(ctx, viewer.User, picture)
}

// postRemovePicture removes the viewer's picture, so that pages show the generated one.
func (s *Server) postRemovePicture(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	if err := s.limits.changing.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if err := s.store.RemovePicture(ctx, viewer.User); err != nil {
		return err
	}
	s.bus.Events()
	return s.saved(c, pictureSettings)
}
