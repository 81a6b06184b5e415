package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getDeleteSettings(c echo.Context, viewer *store.Session) error {
	return s.showDeleteSettings(c, viewer, http.StatusOK, views.DeleteForm{})
}

// postDeleteSettings ends the viewer's account, for which it asks for the password.
func (s *Server) postDeleteSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.DeleteForm{Erase: values.Has("erase")}
	again := func(status int) error { return s.showDeleteSettings(c, viewer, status, form) }
	if err := s.askPassword(c, viewer, values.Get("password")); err != nil {
		form.Errors = map[string]string{"password": problemOf(err).Message}
		return s.refuse(c, err, again)
	}
	// Whether or not the person waits for the answer, open pages have to show what is committed.
	deletion, err := s.store.DeleteAccount(context.WithoutCancel(c.Request().Context()), viewer.User, form.Erase)
	if err != nil {
		form.Error = problemOf(err).Message
		return s.refuse(c, err, again)
	}
	s.mentions.forget()
	s.hub.Refresh()
	for room, version := range deletion.Versions {
		s.hub.Expect(room, version)
	}
	s.touch(deletion.States)
	s.noteInboxChanged(deletion.InboxChanged...)
	s.bus.Events()
	s.finishDeletions(c.Request().Context())
	if err := s.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/")
}

func (s *Server) showDeleteSettings(c echo.Context, viewer *store.Session, status int, form views.DeleteForm) error {
	return respond(c, status, views.DeleteSettings(s.page(c, "Delete account", viewer), form), views.DeleteSettingsFragment(form))
}
