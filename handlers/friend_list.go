package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

const (
	friendsOnProfile = 12  // how many friends a profile shows
	sharedOnProfile  = 5   // how many friends in common a profile shows
	friendsPage      = 200 // how many friends a page of the list shows
)

// getFriends lists the viewer's friends and open friend requests.
func (s *Server) getFriends(c echo.Context, viewer *store.Session) error {
	ctx, after := c.Request().Context(), c.QueryParam("after")
	friends, more, err := s.store.FriendList(ctx, viewer.User, after, friendsPage)
	if err != nil {
		return err
	}
	page := views.FriendsPage{More: more, After: after, Count: len(friends)}
	for _, friend := range friends {
		page.Friends = append(page.Friends, views.ListedFriend{Friend: friend, Online: s.hub.IsOnline(friend.ID)})
	}
	if more || after != "" {
		if page.Count, err = s.store.CountFriends(ctx, viewer.User); err != nil {
			return err
		}
	}
	if page.Requests, err = s.store.Requests(ctx, viewer.User); err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.Friends(s.page(c, viewer), page), views.FriendLists(page))
}
