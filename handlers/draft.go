package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// postDraft saves what the viewer is writing in a room. A page says which version it has seen. If the text has replaced
// another one, the answer to a page offers that one.
func (s *Server) postDraft(c echo.Context, viewer *store.Session) error {
	return s.changeDraft(c, viewer, func(room int64) (store.Draft, error) {
		known, err := idIn(c.FormValue("version"))
		if err != nil {
			return store.Draft{}, err
		}
		return s.store.SaveDraft(c.Request().Context(), viewer.User, room, unixLines(c.FormValue("body")), known)
	}, func(d store.Draft) error {
		if d.Replaced == "" {
			return c.NoContent(http.StatusNoContent)
		}
		return render(c, http.StatusOK, views.ReplacedDraft(d))
	})
}

// postDraftRestore brings back the text that the viewer's draft has replaced. The answer to a page is the text.
func (s *Server) postDraftRestore(c echo.Context, viewer *store.Session) error {
	return s.changeDraft(c, viewer, func(room int64) (store.Draft, error) {
		return s.store.RestoreDraft(c.Request().Context(), viewer.User, room)
	}, func(d store.Draft) error { return c.String(http.StatusOK, d.Body) })
}

// changeDraft changes the viewer's draft in the room of a form. answer answers a page; a browser without JavaScript goes
// back to the room.
func (s *Server) changeDraft(
	c echo.Context, viewer *store.Session, change func(room int64) (store.Draft, error), answer func(d store.Draft) error,
) error {
	if isOfAnother(viewer.User.ID, c.FormValue("account")) {
		return store.ErrSignedOut
	}
	if err := s.limits.drafting.Allow(c.Request().Context(), accountKey(viewer)); err != nil {
		return err
	}
	room, err := idIn(c.FormValue("room"))
	if err != nil {
		return err
	}
	draft, err := change(room)
	if err != nil {
		return err
	}
	if !isFragmentRequest(c.Request()) {
		return c.Redirect(http.StatusSeeOther, views.RoomPath(room))
	}
	c.Response().Header().Set("Plaza-Draft", strconv.FormatInt(draft.Version, 10))
	return answer(draft)
}
