package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// relate makes a handler for an action of the viewer towards another user. isDone tells whether the
// relation is what the action is for; nil if the action never comes too late.
func (s *Server) relate(
	do func(ctx context.Context, viewer, other store.User) error, isDone func(store.Relation) bool,
) memberHandler {
	return func(c echo.Context, viewer *store.Session) error {
		values, err := formValues(c)
		if err != nil {
			return err
		}
		ctx := c.Request().Context()
		other, _, err := s.named(c)
		if err != nil {
			return err
		}
		done := s.limits.relating.Allow(ctx, accountKey(viewer))
		if done == nil {
			done = do(ctx, viewer.User, other)
		}
		if done == nil {
			s.inboxChanged(viewer.User.ID, other.ID)
			s.pairStateChanged(ctx, viewer.User, other)
		}
		isFragment := isFragmentRequest(c.Request())
		if store.KindOf(done) == store.NotFound && !isFragment && isDone != nil {
			// Without scripts a browser shows the answer to the second of two clicks.
			relation, err := s.store.RelationTo(ctx, viewer.User, other)
			if err != nil {
				return err
			}
			if isDone(relation) {
				done = nil
			}
		}
		problem := problemOf(done)
		switch {
		case errors.Is(done, store.ErrSignedOut),
			done != nil && (!isFragment || problem.Status >= http.StatusInternalServerError):
			return done
		case !isFragment:
			return c.Redirect(http.StatusSeeOther, backTo(values.Get("next"), other))
		}
		// The buttons have to fit the relation as it is, even if the action came too late.
		relation, err := s.store.RelationTo(ctx, viewer.User, other)
		if err != nil {
			return err
		}
		if done == nil {
			return render(c, http.StatusOK, views.RelationForm(other.Person, relation, "", true))
		}
		s.reportProblem(c, &problem, done)
		return render(c, problem.Status, views.RelationForm(other.Person, relation, problem.Message, true))
	}
}

// backTo returns the page that a form leads to: next if the form has it, or the other user's profile.
func backTo(next string, other store.User) string {
	if next != "" {
		return localPath(next)
	}
	return "/u/" + url.PathEscape(other.Username)
}

// areFriends is what accepting a request is for.
func areFriends(r store.Relation) bool { return r.Friends }

// areNoFriends is what ending a friendship is for.
func areNoFriends(r store.Relation) bool { return !r.Friends }

// waitsForNobody is what cancelling and declining requests is for.
func waitsForNobody(r store.Relation) bool { return !r.Friends && !r.Sent && !r.Received }
