package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

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
		before, inList := notificationsAt(values.Get("next"))
		inList = inList && isFragment
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
			done != nil && (!isFragment || inList || problem.Status >= http.StatusInternalServerError):
			return done
		case !isFragment:
			return c.Redirect(http.StatusSeeOther, backTo(values.Get("next"), other))
		case inList:
			return s.showAnswered(c, viewer, other, before)
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

// showAnswered answers the buttons of a friend request in the list of notifications. The row of the request may
// be gone, so the keyboard focus moves to the next request, or to the first row.
func (s *Server) showAnswered(c echo.Context, viewer *store.Session, other store.User, before store.Point) error {
	relation, err := s.store.RelationTo(c.Request().Context(), viewer.User, other)
	if err != nil {
		return err
	}
	list, err := s.notificationsNow(c, viewer, before)
	if err != nil {
		return err
	}
	list.Answer = true
	for _, n := range slices.Backward(list.Notifications) {
		if n.Kind == store.FriendRequest {
			list.Focused = n.ID
		}
	}
	return render(c, http.StatusOK, views.AnsweredRequest(list, other.Person, relation.Friends))
}

// notificationsAt returns which notifications the page at a path shows, if it is their list.
func notificationsAt(path string) (before store.Point, ok bool) {
	page, err := url.Parse(path)
	if err != nil || page.Path != views.NotificationsPath(store.Point{}) {
		return store.Point{}, false
	}
	before, err = pointIn(page.Query().Get("before"))
	return before, err == nil
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
