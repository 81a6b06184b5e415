package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// inGroup makes a handler for the group that the path names.
func (s *Server) inGroup(do func(c echo.Context, viewer *store.Session, group store.Room) error) memberHandler {
	return func(c echo.Context, viewer *store.Session) error {
		room, err := s.roomNamed(c, viewer)
		if err != nil {
			return err
		}
		if room.Kind != store.Group {
			return store.ErrNoRoom
		}
		return do(c, viewer, room)
	}
}

func (s *Server) getMembers(c echo.Context, viewer *store.Session, group store.Room) error {
	return s.showMembers(c, viewer, http.StatusOK, group, views.GroupForm{Name: group.Name})
}

func (s *Server) showMembers(
	c echo.Context, viewer *store.Session, status int, group store.Room, form views.GroupForm,
) error {
	ctx := c.Request().Context()
	members, err := s.store.Members(ctx, viewer.User, group.ID)
	if err != nil {
		return err
	}
	inside := map[int64]bool{}
	for _, user := range members {
		inside[user.ID] = true
	}
	friends, more, err := s.store.Friends(ctx, viewer.User, "", friendsPage)
	if err != nil {
		return err
	}
	form.More = more
	for _, friend := range friends {
		if !inside[friend.ID] {
			form.Friends = append(form.Friends, friend)
		}
	}
	return render(c, status, views.Members(s.page(c, viewer), group, members, form))
}

func (s *Server) postMembers(c echo.Context, viewer *store.Session, group store.Room) error {
	return s.changeGroup(c, viewer, group, func(form views.GroupForm) ([]store.Message, error) {
		return s.store.AddMembers(c.Request().Context(), viewer.User, group.ID, chosen(form))
	})
}

func (s *Server) postGroupName(c echo.Context, viewer *store.Session, group store.Room) error {
	return s.changeGroup(c, viewer, group, func(form views.GroupForm) ([]store.Message, error) {
		entry, err := s.store.NameGroup(c.Request().Context(), viewer.User, group.ID, form.Name)
		return []store.Message{entry}, err
	})
}

// changeGroup changes a group with do, publishes the entries that do returns, and leads back to the
// group.
func (s *Server) changeGroup(
	c echo.Context, viewer *store.Session, group store.Room, do func(form views.GroupForm) ([]store.Message, error),
) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := groupForm(values)
	if form.Name == "" && !values.Has("name") {
		form.Name = group.Name
	}
	err = s.limits.relating.Allow(c.Request().Context(), accountKey(viewer))
	var entries []store.Message
	if err == nil {
		entries, err = do(form)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "name")
			return s.showMembers(c, viewer, status, group, form)
		})
	}
	if err := s.publish(entries...); err != nil {
		return err
	}
	return seeOther(c, views.RoomPath(group.ID))
}
