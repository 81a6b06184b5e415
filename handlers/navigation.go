package handlers

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// How many conversations and requests the navigation shows. The pages of conversations and friends have all.
const (
	roomsInNavigation    = 50
	requestsInNavigation = 5
)

// foldedCookie names the sections of the navigation that the viewer has folded, separated by dots. A script
// writes it.
const foldedCookie = "folded"

// getNavigation answers a page that brings its navigation up to date. Browsers without htmx never ask.
func (s *Server) getNavigation(c echo.Context, viewer *store.Session) error {
	if !isFragmentRequest(c.Request()) {
		return seeOther(c, "/dm")
	}
	navigation, err := s.navigation(c, viewer, c.QueryParam("path"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.NavigationLists(navigation))
}

// navigationPanel returns the navigation of a page. It reads the store when it is rendered, so that answers to htmx,
// which render only a fragment, do not read it.
func (s *Server) navigationPanel(c echo.Context, viewer *store.Session) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		navigation, err := s.navigation(c, viewer, c.Request().URL.Path)
		if err != nil {
			return err
		}
		return views.NavigationPanel(navigation).Render(ctx, w)
	})
}

// navigation returns where a viewer can go from a page.
func (s *Server) navigation(c echo.Context, viewer *store.Session, path string) (views.Navigation, error) {
	ctx := c.Request().Context()
	shown := views.Navigation{Inbox: viewer.Inbox, Path: path}
	if cookie, err := c.Cookie(foldedCookie); err == nil {
		shown.Folded = strings.Split(cookie.Value, ".")
	}
	conversations, _, err := s.store.Conversations(ctx, viewer.User, store.NewestPoint(), roomsInNavigation)
	if err != nil {
		return shown, err
	}
	for _, one := range conversations {
		online := one.Kind == store.Pair && !one.Notebook && s.hub.IsOnline(one.Other.ID)
		shown.Conversations = append(shown.Conversations, views.NavigationRoom{Conversation: one, Online: online})
	}
	if viewer.Inbox.Requests > 0 {
		requests, err := s.store.Requests(ctx, viewer.User)
		if err != nil {
			return shown, err
		}
		shown.Requests = requests.Received[:min(len(requests.Received), requestsInNavigation)]
	}
	return shown, nil
}
