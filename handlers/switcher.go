package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// conversationsSought is how many of the viewer's latest conversations the switcher searches.
const conversationsSought = 500

// getSwitch finds conversations, people and pages by name. A browser without htmx goes straight to the
// first, or if there is none, to the search.
func (s *Server) getSwitch(c echo.Context, viewer *store.Session) error {
	ctx, sought := c.Request().Context(), query(c)
	if err := s.limits.searching.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	people, _, err := s.store.SearchPeople(ctx, viewer.User, sought)
	if err != nil {
		return err
	}
	conversations, _, err := s.store.Conversations(ctx, viewer.User, store.NewestPoint(), conversationsSought)
	if err != nil {
		return err
	}
	destinations := views.Destinations{
		Viewer: viewer.User, Public: viewer.Inbox.Public.Count, Conversations: conversations, People: people,
	}
	if isOnPublicChat(c.Request()) {
		destinations.Public = 0 // the page is not about to go there, and tells late how far it is read
	}
	places := destinations.Named(sought)
	switch {
	case isFragmentRequest(c.Request()):
		return render(c, http.StatusOK, views.Places(places))
	case sought == "" || len(places) == 0:
		return seeOther(c, "/search?q="+url.QueryEscape(sought))
	}
	return seeOther(c, places[0].Path)
}

// isOnPublicChat tells whether a request by htmx comes from the page of the public chat.
func isOnPublicChat(r *http.Request) bool {
	page, err := url.Parse(r.Header.Get("HX-Current-URL"))
	return err == nil && page.Path == "/"
}
