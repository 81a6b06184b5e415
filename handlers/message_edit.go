package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getEdit shows the form that edits a message of the viewer.
func (s *Server) getEdit(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	message, err := s.store.OwnMessage(c.Request().Context(), viewer.User.ID, room, seq)
	if err != nil {
		return err
	}
	form := views.EditForm{Room: room, Seq: seq, Number: message.Edits, Body: message.Source}
	return s.showEdit(c, viewer, http.StatusOK, form)
}

// postEdit saves a new text of a message. Readers get it by the stream.
func (s *Server) postEdit(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	values, err := formValues(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(values.Get("version"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	edit := store.Edit{Room: room, Seq: seq, Author: viewer.User.ID, Number: number, Source: unixLines(values.Get("body"))}
	changed, err := s.edit(c, viewer, edit)
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form := views.EditForm{Room: room, Seq: seq, Number: number, Body: edit.Source, Error: problemOf(err).Message}
			return s.refuseEdit(c, viewer, status, form, err)
		})
	}
	if err := s.publishChanged(changed); err != nil {
		return err
	}
	return answerChange(c, room, seq)
}

// edit renders and stores a new text of a message.
func (s *Server) edit(c echo.Context, viewer *store.Session, edit store.Edit) (store.Changed, error) {
	ctx := c.Request().Context()
	if err := s.limits.posting.Allow(ctx, accountKey(viewer)); err != nil {
		return store.Changed{}, err
	}
	err := store.CheckText(edit.Source)
	if err == nil {
		edit.Rendered, err = s.markdown(ctx, edit.Source)
	}
	if err != nil {
		return store.Changed{}, err
	}
	// A committed edit must be published, even if the author has hung up.
	return s.store.EditMessage(context.WithoutCancel(ctx), edit)
}

// refuseEdit shows the form again. If another text was saved meanwhile, it shows that too, and the form replaces it.
func (s *Server) refuseEdit(c echo.Context, viewer *store.Session, status int, form views.EditForm, cause error) error {
	var refused *store.Error
	if !errors.As(cause, &refused) || refused.Code != store.CodeMessageEdited {
		if refused != nil && (refused.Kind == store.NotFound || refused.Kind == store.Forbidden) {
			return cause
		}
		return s.showEdit(c, viewer, status, form)
	}
	message, err := s.store.OwnMessage(c.Request().Context(), viewer.User.ID, form.Room, form.Seq)
	if err != nil {
		return err
	}
	form.Current, form.Number = message.Source, message.Edits
	return s.showEdit(c, viewer, status, form)
}

func (s *Server) showEdit(c echo.Context, viewer *store.Session, status int, form views.EditForm) error {
	return respond(c, status, views.EditPage(s.page(c, viewer), form), views.MessageEditForm(form))
}

// answerChange answers a change of a message. An open page gets the change by the stream; others show the message.
func answerChange(c echo.Context, room, seq int64) error {
	if isFragmentRequest(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, views.MessagePath(room, seq))
}

// getHistory shows the texts that a message had before it was edited.
func (s *Server) getHistory(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	found, message, texts, err := s.store.EarlierTexts(c.Request().Context(), viewer.User, room, seq)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.HistoryPage(s.page(c, viewer), views.MessageHistory{
		Room: found.RoomSummary, Message: message, Texts: texts,
	}))
}
