package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
	"plaza/views/markdown"
)

// getComplete finds what may complete a word that the viewer is writing in a room: people after an @, and emoji after
// a colon. Other words have no completions. A room that does not exist yet has only emoji.
func (s *Server) getComplete(c echo.Context, viewer *store.Session) error {
	ctx, word := c.Request().Context(), query(c)
	if err := s.limits.searching.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	room, err := idIn(c.QueryParam("room"))
	if err != nil {
		return err
	}
	if name, found := strings.CutPrefix(word, "@"); found {
		people, err := s.store.CompletePeople(ctx, viewer.User, room, name)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.PeopleCompletions(people))
	}
	if room != 0 {
		if _, err := s.store.RoomFor(ctx, viewer.User.ID, room); err != nil {
			return err
		}
	}
	var emoji []markdown.NamedEmoji
	if name, found := strings.CutPrefix(word, ":"); found {
		emoji = markdown.CompleteEmoji(name)
	}
	return render(c, http.StatusOK, views.EmojiCompletions(emoji))
}
