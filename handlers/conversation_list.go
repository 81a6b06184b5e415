package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// conversationsShown is how many private rooms a list shows before a link to older ones.
const conversationsShown = 50

// getConversations lists the viewer's private rooms.
func (s *Server) getConversations(c echo.Context, viewer *store.Session) error {
	var list views.Conversations
	after := store.NewestPoint()
	if point, ok := views.ParsePoint(c.QueryParam("before")); ok {
		after, list.After = point, point
	}
	var err error
	list.List, list.More, err = s.store.Conversations(c.Request().Context(), viewer.User, after, conversationsShown)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.ConversationsPage(s.page(c, viewer), list), views.ConversationList(list))
}
