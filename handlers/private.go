package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// conversationsShown is how many private rooms a list has; a link leads to older ones.
const conversationsShown = 50

// getConversations lists the viewer's private rooms.
func (s *Server) getConversations(c echo.Context, viewer *store.Session) error {
	list, err := s.conversations(c, viewer)
	if err != nil {
		return err
	}
	list.Open, _ = strconv.ParseInt(c.QueryParam("open"), 10, 64)
	return respond(c, http.StatusOK, views.ConversationsPage(s.page(c, "Messages", viewer), list), views.ConversationList(list))
}

func (s *Server) conversations(c echo.Context, viewer *store.Session) (views.Conversations, error) {
	var list views.Conversations
	after := store.NewestPoint()
	if c.Path() == "/dm" {
		if point, ok := views.ParsePoint(c.QueryParam("before")); ok {
			after, list.After = point, point
		}
	}
	var err error
	list.List, list.More, err = s.store.Conversations(c.Request().Context(), viewer.User, after, conversationsShown)
	return list, err
}

// getPrivate shows the conversation with somebody, or why there is none.
func (s *Server) getPrivate(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	other, moved, err := s.named(c)
	if err != nil {
		return err
	}
	if moved {
		return c.Redirect(http.StatusFound, views.PrivatePath(other))
	}
	room, err := s.store.PrivateRoom(ctx, viewer.User, other)
	if err != nil {
		return err
	}
	if room.ID == 0 && room.Closed == "" {
		// To open a page changes nothing that anybody sees; yet it is not to be done without end.
		if err := s.limits.relating.allow(ctx, accountKey(viewer)); err != nil {
			return err
		}
		if room, err = s.store.OpenPrivateRoom(ctx, viewer.User, other); err != nil {
			return err
		}
	}
	if room.ID == 0 {
		relation, err := s.store.RelationTo(ctx, viewer.User, other)
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.NoConversation(s.page(c, other.Name(), viewer), other, relation, room.Closed))
	}
	return s.showPart(c, viewer, room)
}

// getRoom shows any room that the viewer may read.
func (s *Server) getRoom(c echo.Context, viewer *store.Session) error {
	room, err := s.roomNamed(c, viewer)
	if err != nil {
		return err
	}
	return s.showPart(c, viewer, room)
}

// roomNamed finds the room that a path names, where the viewer may read it.
func (s *Server) roomNamed(c echo.Context, viewer *store.Session) (store.Room, error) {
	id, err := roomParam(c)
	if err != nil {
		return store.Room{}, err
	}
	return s.store.RoomFor(c.Request().Context(), viewer.User.ID, id)
}

// roomParam is the room that a path names.
func roomParam(c echo.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("room"), 10, 64)
	if err != nil {
		return 0, store.ErrNoRoom
	}
	return id, nil
}

// addPrivate adds what the page of a private room has beside its log.
func (s *Server) addPrivate(c echo.Context, viewer *store.Session, shown *views.Room) error {
	state, err := s.store.State(c.Request().Context(), shown.ID)
	if err != nil {
		return err
	}
	if shown.Conversations, err = s.conversations(c, viewer); err != nil {
		return err
	}
	if shown.Unread > 0 {
		if shown.LeftAt, err = s.store.FirstUnread(c.Request().Context(), viewer.User, shown.Room); err != nil {
			return err
		}
	}
	shown.Conversations.Open = shown.ID
	shown.State = views.StateFor(state, viewer.User)
	if shown.Composer.To = views.RoomTitle(shown.Room); shown.Notebook {
		shown.Composer.To = "yourself"
	}
	shown.Online = shown.Kind == store.Pair && !shown.Notebook && s.hub.IsOnline(shown.Other.ID)
	return nil
}

func (s *Server) getPrivacySettings(c echo.Context, viewer *store.Session) error {
	chosen, err := s.store.PrivacyOf(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	return s.showPrivacySettings(c, viewer, http.StatusOK, views.PrivacyForm{Privacy: chosen, Submission: savedSubmission(c)})
}

func (s *Server) postPrivacySettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.PrivacyForm{Privacy: store.Privacy{From: store.Writers(values.Get("private_from")), Receipts: values.Has("receipts")}}
	states, err := s.store.ChangePrivacy(c.Request().Context(), viewer.User, form.Privacy)
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showPrivacySettings(c, viewer, status, form)
		})
	}
	s.touch(states)
	return saved(c, "/settings/private")
}

func (s *Server) showPrivacySettings(c echo.Context, viewer *store.Session, status int, form views.PrivacyForm) error {
	return respond(c, status, views.PrivacySettings(s.page(c, "Private chat", viewer), form), views.PrivacySettingsFragment(form))
}
