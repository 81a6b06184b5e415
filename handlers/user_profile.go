package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getProfile shows the page of a user. Members see more than visitors. To htmx it answers with the
// buttons that change the viewer's relation to the user.
func (s *Server) getProfile(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	user, moved, err := s.named(c)
	if err != nil {
		return err
	}
	if moved {
		return follow(c, user, "")
	}
	person := views.Person{User: user}
	if viewer != nil {
		if person, err = s.person(c.Request().Context(), viewer, user); err != nil {
			return err
		}
		if isFragmentRequest(c.Request()) && !person.Self {
			return render(c, http.StatusOK, views.RelationForm(user.Person, person.Relation, "", false))
		}
		more := false
		if person.Friends, more, err = s.store.Friends(c.Request().Context(), user, "", friendsOnProfile); err != nil {
			return err
		}
		if person.FriendCount = len(person.Friends); more {
			if person.FriendCount, err = s.store.CountFriends(c.Request().Context(), user); err != nil {
				return err
			}
		}
	}
	return render(c, http.StatusOK, views.Profile(s.page(c, viewer), person))
}

// person returns what a member may see of a user, except for the user's friends who are not the member's.
func (s *Server) person(ctx context.Context, viewer *store.Session, user store.User) (views.Person, error) {
	person := views.Person{User: user, Online: s.hub.IsOnline(user.ID)}
	var err error
	if person.Relation, err = s.store.RelationTo(ctx, viewer.User, user); err != nil {
		return person, err
	}
	if !person.Self {
		person.Shared, person.SharedCount, err = s.store.FriendsInCommon(ctx, viewer.User, user, sharedOnProfile)
		if err != nil {
			return person, err
		}
	}
	if user.About != "" {
		about, err := s.markdown(ctx, user.About)
		if err != nil {
			return person, err
		}
		person.About = about.HTML
	}
	return person, nil
}
