package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// getNewGroup is the page that begins a group.
func (s *Server) getNewGroup(c echo.Context, viewer *store.Session) error {
	return s.showNewGroup(c, viewer, http.StatusOK, views.GroupForm{Chosen: c.QueryParams()["people"]})
}

func (s *Server) postNewGroup(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := groupForm(values)
	ctx := c.Request().Context()
	err = s.limits.relating.allow(ctx, accountKey(viewer))
	var room store.Room
	if err == nil {
		room, err = s.store.CreateGroup(ctx, viewer.User, form.Name, chosen(form))
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Errors = groupErrors(err)
			return s.showNewGroup(c, viewer, status, form)
		})
	}
	return seeOther(c, roomPath(room.ID))
}

func groupForm(values url.Values) views.GroupForm {
	return views.GroupForm{Name: values.Get("name"), Chosen: values["people"], Others: values.Get("others")}
}

// chosen are the usernames that a form has.
func chosen(form views.GroupForm) []string {
	return append(append([]string{}, form.Chosen...), strings.Fields(strings.ReplaceAll(form.Others, ",", " "))...)
}

// groupErrors are the sentences beside a group's fields; what is of none stands beside the first.
func groupErrors(err error) map[string]string {
	if found := fieldErrors(err); len(found) > 0 {
		return found
	}
	return map[string]string{"name": problemOf(err).Message}
}

func (s *Server) showNewGroup(c echo.Context, viewer *store.Session, status int, form views.GroupForm) error {
	var err error
	form.Friends, form.More, err = s.store.Friends(c.Request().Context(), viewer.User, "", friendsPage)
	if err != nil {
		return err
	}
	return render(c, status, views.NewGroup(s.page(c, "New group", viewer), form))
}

// inGroup makes a handler of what a viewer does to a group that the path names.
func (s *Server) inGroup(do func(c echo.Context, viewer *store.Session, group store.Room) error) member {
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

func (s *Server) showMembers(c echo.Context, viewer *store.Session, status int, group store.Room, form views.GroupForm) error {
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
	return render(c, status, views.Members(s.page(c, group.Name, viewer), group, members, form))
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

// changeGroup does something to a group, has its members see that, and leads back to it.
func (s *Server) changeGroup(c echo.Context, viewer *store.Session, group store.Room, do func(form views.GroupForm) ([]store.Message, error)) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := groupForm(values)
	if form.Name == "" && !values.Has("name") {
		form.Name = group.Name
	}
	err = s.limits.relating.allow(c.Request().Context(), accountKey(viewer))
	var entries []store.Message
	if err == nil {
		entries, err = do(form)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Errors = groupErrors(err)
			return s.showMembers(c, viewer, status, group, form)
		})
	}
	if err := s.publish(entries...); err != nil {
		return err
	}
	return seeOther(c, roomPath(group.ID))
}

func (s *Server) postLeave(c echo.Context, viewer *store.Session, group store.Room) error {
	entry, err := s.store.LeaveGroup(c.Request().Context(), viewer.User, group.ID)
	if err != nil {
		return err
	}
	if err := s.publish(entry); err != nil {
		return err
	}
	s.concern(viewer.User.ID)
	return seeOther(c, "/dm")
}

// publish has the readers of rooms see what was committed there.
func (s *Server) publish(entries ...store.Message) error {
	for _, entry := range entries {
		live, err := entryOf(entry)
		if err != nil {
			return err
		}
		s.hub.Publish(entry.Room, live)
	}
	return nil
}

// publishPost has the readers of its room see a post.
func (s *Server) publishPost(posted store.Posted) error {
	entry, err := entryOf(posted.Message)
	if err != nil {
		return err
	}
	entry.Last = posted.Last
	s.hub.Publish(posted.Room, entry)
	return nil
}

// entryOf is what the hub needs to know of a change.
func entryOf(message store.Message) (live.Entry, error) {
	fragment, err := toBytes(views.Message(message))
	entry := live.Entry{Version: message.Version, Author: message.Author.ID, Fragment: fragment}
	if message.Event == store.Left {
		entry.Leaves = message.Author.ID
	}
	return entry, err
}
