package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
	"plaza/views/markdown"
)

// reactorsPage is how many people a page of those who reacted with one emoji shows.
const reactorsPage = 50

// postReaction adds a reaction of the viewer to a message. Readers get it by the stream. A page without scripts has the
// same button for a reaction that is there: then it leads to the page that removes it.
func (s *Server) postReaction(c echo.Context, viewer *store.Session) error {
	text, changed, err := s.changeReaction(c, viewer, s.store.React)
	if err != nil {
		return s.refuseReaction(c, viewer, text, err)
	}
	if changed.At == 0 && !isFragmentRequest(c.Request()) {
		return c.Redirect(http.StatusSeeOther, views.ReactionsPath(changed.Room, changed.Seq))
	}
	return answerChange(c, changed.Room, changed.Seq)
}

// postRemoveReaction removes a reaction of the viewer to a message.
func (s *Server) postRemoveReaction(c echo.Context, viewer *store.Session) error {
	_, changed, err := s.changeReaction(c, viewer, s.store.RemoveReaction)
	if err != nil {
		return err
	}
	if isFragmentRequest(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, views.ReactionsPath(changed.Room, changed.Seq))
}

// changeReaction changes a reaction with the emoji of a form, which it returns, and publishes the change.
func (s *Server) changeReaction(
	c echo.Context, viewer *store.Session,
	change func(ctx context.Context, user, room, seq int64, emoji string) (store.Changed, error),
) (text string, changed store.Changed, err error) {
	room, seq, err := messageParams(c)
	if err != nil {
		return "", changed, err
	}
	values, err := formValues(c)
	if err != nil {
		return "", changed, err
	}
	text = strings.TrimSpace(values.Get("emoji"))
	ctx := c.Request().Context()
	if err := s.limits.reacting.Allow(ctx, accountKey(viewer)); err != nil {
		return text, changed, err
	}
	emoji, ok := markdown.Emoji(text)
	if !ok {
		return text, changed, store.InvalidField("emoji", store.CodeNoEmoji)
	}
	// A committed change must be published, even if the viewer has hung up.
	changed, err = change(context.WithoutCancel(ctx), viewer.User.ID, room, seq, emoji)
	if err != nil {
		return text, changed, err
	}
	return text, changed, s.publishChanged(changed)
}

// refuseReaction says on the page of reactions why there is no reaction with a text.
func (s *Server) refuseReaction(c echo.Context, viewer *store.Session, text string, cause error) error {
	if isFragmentRequest(c.Request()) || store.KindOf(cause) != store.Invalid {
		return cause
	}
	return s.refuse(c, cause, func(status int) error {
		room, seq, err := messageParams(c)
		if err != nil {
			return err
		}
		shown, err := s.store.Reactions(c.Request().Context(), viewer.User, room, seq)
		if err != nil {
			return err
		}
		form := views.ReactionForm{Emoji: text, Error: submission(cause, "emoji").Errors["emoji"]}
		return render(c, status, views.ReactionsPage(s.page(c, viewer), shown, form))
	})
}

// getReactions shows who reacted to a message or, of one emoji, all people in pages. A script asks for the newest of
// those.
func (s *Server) getReactions(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if !c.QueryParams().Has("emoji") {
		shown, err := s.store.Reactions(ctx, viewer.User, room, seq)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.ReactionsPage(s.page(c, viewer), shown, views.ReactionForm{}))
	}
	before, err := pointIn(c.QueryParam("before"))
	if err != nil {
		return err
	}
	emoji, ok := markdown.Emoji(c.QueryParam("emoji"))
	if !ok {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	found, message, err := s.store.Message(ctx, viewer.User.ID, room, seq)
	if err != nil {
		return err
	}
	reactors := views.Reactors{Room: found.RoomSummary, Message: message, Emoji: emoji, Before: before}
	after, limit := before, reactorsPage
	if before == (store.Point{}) {
		after = store.NewestPoint()
	}
	if isFragmentRequest(c.Request()) {
		limit = store.ReactorsNamed
	}
	if reactors.People, reactors.More, err = s.store.Reactors(ctx, message, emoji, after, limit); err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.ReactorsPage(s.page(c, viewer), reactors), views.ReactorNames(reactors))
}

// mostOwnReactions is how many messages one request of getOwnReactions may name.
const mostOwnReactions = 200

// getOwnReactions answers with the viewer's reactions to some messages: a line for each, with its seq and the emoji. A
// page asks where more people reacted than a message names.
func (s *Server) getOwnReactions(c echo.Context, viewer *store.Session) error {
	room, err := strconv.ParseInt(c.QueryParam("room"), 10, 64)
	values := c.QueryParams()["seq"]
	if err != nil || len(values) == 0 || len(values) > mostOwnReactions {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	seqs := make([]int64, len(values))
	for i, value := range values {
		var failed error
		seqs[i], failed = strconv.ParseInt(value, 10, 64)
		err = errors.Join(err, failed)
	}
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	own, err := s.store.OwnReactions(c.Request().Context(), viewer.User, room, seqs...)
	if err != nil {
		return err
	}
	var lines strings.Builder
	for seq, emoji := range own {
		fmt.Fprintln(&lines, seq, strings.Join(emoji, " "))
	}
	return c.String(http.StatusOK, lines.String())
}
