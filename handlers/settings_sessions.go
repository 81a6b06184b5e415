package handlers

import (
	"encoding/hex"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getSessionSettings(c echo.Context, viewer *store.Session) error {
	found, err := s.store.Sessions(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	sessions := make([]views.Session, len(found))
	for i, session := range found {
		sessions[i] = views.Session{
			ID: hex.EncodeToString(session.Hash[:]), Browser: browserInWords(session.UserAgent), OpenedBy: session.OpenedBy,
			Since: session.Since, UsedAt: session.UsedAt, Current: session.Hash == viewer.Hash,
		}
	}
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SessionSettings(page, sessions))
}

// postRevoke signs out one of the viewer's browsers, or all but the current one if the form names none.
func (s *Server) postRevoke(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	if values.Get("id") == "" {
		err = s.store.RevokeOtherSessions(c.Request().Context(), *viewer)
	} else {
		hash, malformed := hex.DecodeString(values.Get("id"))
		if malformed != nil || len(hash) != len(store.TokenHash{}) {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		err = s.store.RevokeSession(c.Request().Context(), viewer.User, store.TokenHash(hash))
	}
	if err != nil {
		return err
	}
	s.bus.Events()
	return s.saved(c, "/settings/sessions")
}
