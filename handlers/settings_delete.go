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

// postDeleteSettings deletes the viewer's account if the form has its password.
func (s *Server) postDeleteSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.DeleteForm{Erase: values.Has("erase")}
	// Open pages must show a committed deletion, even if the person has hung up.
	ctx := context.WithoutCancel(c.Request().Context())
	user, err := s.askPassword(c, viewer, values.Get("password"))
	err = store.JoinInvalid(wrongPassword(err, "password"), s.store.CheckDeletion(ctx, viewer.User))
	var deletion store.Deletion
	if err == nil {
		deletion, err = s.store.DeleteAccount(ctx, user, form.Erase)
		err = wrongPassword(err, "password")
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showDeleteSettings(c, viewer, status, form)
		})
	}
	s.mentions.forget()
	s.hub.Refresh()
	for room, version := range deletion.Versions {
		s.hub.Expect(room, version)
	}
	s.statesChanged(deletion.States)
	s.inboxChanged(deletion.InboxChanged...)
	s.bus.Events()
	s.finishDeletions(c.Request().Context())
	if err := s.signOut(c); err != nil {
		return err
	}
	return seeOther(c, "/")
}

func (s *Server) showDeleteSettings(c echo.Context, viewer *store.Session, status int, form views.DeleteForm) error {
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.DeleteSettings(page, form), views.DeleteSettingsFragment(form))
}
