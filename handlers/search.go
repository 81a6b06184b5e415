package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSearch finds people. Visitors see only names and pictures.
func (s *Server) getSearch(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	var user store.User // zero for a visitor
	if viewer != nil {
		user, err = viewer.User, s.limits.searching.Allow(ctx, accountKey(viewer))
	} else {
		err = s.limits.searching.AllowAddress(ctx, c.RealIP())
	}
	if err != nil {
		return err
	}
	search := views.SearchPage{Query: query(c)}
	people, more, err := s.store.SearchPeople(ctx, user, search.Query)
	if err != nil {
		return err
	}
	search.More = more
	for _, person := range people {
		online := viewer != nil && s.hub.IsOnline(person.ID)
		search.People = append(search.People, views.Friend{Person: person, Online: online})
	}
	return respond(c, http.StatusOK, views.Search(s.page(c, viewer), search), views.SearchResults(search))
}

// query returns the text of a search, cut to the length that the field takes.
func query(c echo.Context) string {
	characters := []rune(c.QueryParam("q"))
	return strings.TrimSpace(string(characters[:min(len(characters), views.MaxQueryLength)]))
}
