package handlers

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// pageLength is how many messages a page of a room shows.
const pageLength = 50

// peopleShown is how many of those online are listed; more are counted.
const peopleShown = 100

// getHome shows the public chat to members, and to visitors what this place is.
func (s *Server) getHome(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	if viewer == nil {
		return render(c, http.StatusOK, views.Welcome(s.visitorPage(c, "Welcome")))
	}
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, store.PublicRoom)
	if err != nil {
		return err
	}
	return s.showPart(c, viewer, room)
}

// showPart shows that part of a room which the query asks for: what is before a message or around
// one, or else the newest.
func (s *Server) showPart(c echo.Context, viewer *store.Session, room store.Room) error {
	if before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64); err == nil {
		return s.showOlder(c, viewer, room, before)
	}
	if at, err := strconv.ParseInt(c.QueryParam("at"), 10, 64); err == nil {
		newest, err := s.newestPage(c, viewer, room)
		if err != nil {
			return err
		}
		if 1 <= at && at <= newest.Version && !hasMessage(newest, room.ID, at) {
			return s.showOlder(c, viewer, room, at+pageLength/2)
		}
	}
	return s.showChat(c, viewer, http.StatusOK, room, newComposer(room.ID))
}

// hasMessage tells whether a page shows a message.
func hasMessage(page live.Page, room, seq int64) bool {
	return bytes.Contains(page.HTML, fmt.Appendf(nil, `id="m-%d-%d"`, room, seq))
}

func newComposer(room int64) views.Composer { return views.Composer{Room: room, Nonce: rand.Text()} }

// showRoom shows a room's newest messages, with its composer.
func (s *Server) showRoom(c echo.Context, viewer *store.Session, status int, composer views.Composer) error {
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, composer.Room)
	if err != nil {
		return err
	}
	return s.showChat(c, viewer, status, room, composer)
}

// showChat is showRoom for a room that was found.
func (s *Server) showChat(c echo.Context, viewer *store.Session, status int, room store.Room, composer views.Composer) error {
	newest, err := s.newestPage(c, viewer, room)
	if err != nil {
		return err
	}
	// The version that the log is of, so that nothing falls between the page and its stream.
	room.Version = newest.Version
	page := s.page(c, room.Name, viewer)
	page.Stream = fmt.Sprintf("/ws?room=%d&after=%d&inbox=%s", room.ID, room.Version, page.Inbox.Mark())
	shown := views.Room{Room: room, Log: newest.HTML, Composer: composer}
	if room.Kind == store.Public {
		shown.People, shown.Composer.To = s.hub.People(), "everyone"
	} else {
		if err := s.addPrivate(c, viewer, &shown); err != nil {
			return err
		}
		shown.LeftAbove = shown.LeftAt > 0 && !hasMessage(newest, room.ID, shown.LeftAt)
		page.Title = views.RoomTitle(room)
		page.Stream += fmt.Sprintf("&state=%d", room.State)
	}
	return renderAround(c, status, views.Chat(page, shown), newest)
}

// newestPage returns a room's newest messages, as far as the viewer may read them.
func (s *Server) newestPage(c echo.Context, viewer *store.Session, room store.Room) (live.Page, error) {
	ctx := c.Request().Context()
	newest, err := s.hub.Page(ctx, liveRoom(room), room.Version)
	if err == nil && newest.Version > room.Version && room.Kind != store.Public {
		// Something was said since the viewer was found to be a member.
		_, err = s.store.RoomFor(ctx, viewer.User.ID, room.ID)
	}
	return newest, err
}

// showOlder shows the messages before a seq as a page of their own, for browsers without
// JavaScript.
func (s *Server) showOlder(c echo.Context, viewer *store.Session, room store.Room, before int64) error {
	log, err := s.olderMessages(c, room, before)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Older(s.page(c, views.RoomTitle(room), viewer), views.Room{Room: room, Log: log}))
}

// olderMessages renders the messages of a room before a seq, and none that came after the viewer
// was found to be a member.
func (s *Server) olderMessages(c echo.Context, room store.Room, before int64) ([]byte, error) {
	messages, older, err := s.store.MessagesBefore(c.Request().Context(), room.ID, min(before, room.Version+1), pageLength)
	if err != nil {
		return nil, err
	}
	return renderMessages(messages, older, room.ID)
}

// renderMessages renders a run of messages, with a link to older ones where there are any.
func renderMessages(messages []store.Message, older bool, room int64) ([]byte, error) {
	var before int64
	if older {
		before = messages[0].Seq
	}
	return toBytes(views.Messages(messages, before, room))
}

// personOf is what the live side needs to know of an account.
func personOf(user store.User) live.Person {
	return live.Person{ID: user.ID, Username: user.Username, Name: user.Name(), Picture: user.Picture}
}

// userOf is what pages need to know of somebody online.
func userOf(person live.Person) store.User {
	user := store.User{ID: person.ID, Username: person.Username, Picture: person.Picture}
	if person.Name != person.Username {
		user.DisplayName = person.Name
	}
	return user
}

// shownPeople picks who is listed as online.
func shownPeople(people []live.Person) views.People {
	shown := views.People{More: max(0, len(people)-peopleShown)}
	for _, person := range people[:min(len(people), peopleShown)] {
		shown.Users = append(shown.Users, userOf(person))
	}
	return shown
}
