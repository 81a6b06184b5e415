package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// postPreview shows what a message will look like.
func (s *Server) postPreview(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	if isOfAnother(viewer.User.ID, values.Get("account")) {
		return s.askToSignIn(c)
	}
	composer := composerOf(values)
	if composer.Room == 0 && composer.Person == "" {
		composer.Room = store.PublicRoom
	}
	if err := s.limits.previewing.Allow(c.Request().Context(), accountKey(viewer)); err != nil {
		return s.refuseMessage(c, viewer, composer, err)
	}
	source := unixLines(composer.Body)
	if err := store.CheckMessage(source, composer.Nonce); err != nil {
		return s.refuseMessage(c, viewer, composer, err)
	}
	rendered, err := s.markdown(c.Request().Context(), source)
	if err != nil {
		return s.refuseMessage(c, viewer, composer, err)
	}
	composer.Preview = rendered.HTML
	if isFragmentRequest(c.Request()) {
		return render(c, http.StatusOK, views.ComposerPreview(composer.Preview))
	}
	return s.showRoom(c, viewer, http.StatusOK, composer)
}
