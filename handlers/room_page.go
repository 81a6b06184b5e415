package handlers

import (
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// pageLength is how many messages a page of a room shows.
const pageLength = 50

// getHome shows the public chat to members, and the welcome page to visitors.
func (s *Server) getHome(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	switch {
	case viewer == nil && c.QueryParams().Has("at"):
		return store.ErrSignedOut // answerError leads to the sign-in page
	case viewer == nil:
		return render(c, http.StatusOK, views.Welcome(s.visitorPage(c)))
	}
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, store.PublicRoom)
	if err != nil {
		return err
	}
	return s.showPart(c, viewer, room)
}

// showPart shows the part of a room that the query asks for, or the newest messages.
func (s *Server) showPart(c echo.Context, viewer *store.Session, room store.Room) error {
	part, err := s.partAsked(c, room)
	if err != nil {
		return err
	}
	if len(part.Messages) == 0 {
		return s.showChat(c, viewer, http.StatusOK, room, newComposer(room.ID))
	}
	shown := live.Page{Version: room.Version, History: live.History(room.History), First: part.Messages[0].Seq}
	if shown.HTML, err = toBytes(views.Messages(part)); err != nil {
		return err
	}
	return s.showLog(c, viewer, http.StatusOK, views.Room{Room: room, Newer: part.Newer > 0, Composer: newComposer(room.ID)}, shown)
}

func newComposer(room int64) views.Composer { return views.Composer{Room: room, Nonce: rand.Text()} }

// showRoom shows a room's newest messages, with its composer.
func (s *Server) showRoom(c echo.Context, viewer *store.Session, status int, composer views.Composer) error {
	if composer.Room == 0 {
		return s.showPair(c, viewer, status, composer)
	}
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, composer.Room)
	if err != nil {
		return err
	}
	return s.showChat(c, viewer, status, room, composer)
}

// showChat is showRoom for a room that the caller has read.
func (s *Server) showChat(
	c echo.Context, viewer *store.Session, status int, room store.Room, composer views.Composer,
) error {
	newest, err := s.newestPage(c, viewer, room)
	if err != nil {
		return err
	}
	return s.showLog(c, viewer, status, views.Room{Room: room, Composer: composer}, newest)
}

// showLog shows a room with a part of its log.
func (s *Server) showLog(c echo.Context, viewer *store.Session, status int, shown views.Room, log live.Page) error {
	// The stream must start at the version of the log, or a message between the two would be lost.
	room := &shown.Room
	room.Version, room.History = log.Version, store.History(log.History)
	page := s.page(c, viewer)
	page.Stream = streamAddress(page, *room)
	err := s.addQuote(c, viewer, &shown.Composer)
	if err != nil {
		return err
	}
	if room.Drafted {
		if shown.Composer.Draft, err = s.store.Draft(c.Request().Context(), viewer.User.ID, room.ID); err != nil {
			return err
		}
	}
	shown.Composer.Account, shown.Composer.To = viewer.User.ID, views.Readers(room.RoomSummary)
	shown.Log = log.HTML
	if room.Kind == store.Public {
		shown.People = s.hub.People()
		shown.Unread, shown.LeftAt = viewer.Inbox.Public.Count, room.PublicLeftAt
		viewer.Inbox.Public.Count, page.Inbox.Public.Count = 0, 0 // the page shows it beside the log
	} else {
		if err := s.addPrivate(c, viewer, &shown); err != nil {
			return err
		}
		page.Stream += fmt.Sprintf("&state=%d", room.State)
	}
	shown.LeftAbove = 0 < shown.LeftAt && shown.LeftAt < log.First
	return renderAround(c, status, views.Chat(page, shown), log)
}

// streamAddress returns the address of the live stream of a room's page. It begins after the room's version.
func streamAddress(page views.Page, room store.Room) string {
	return fmt.Sprintf("/ws?room=%d&after=%d&inbox=%s&epoch=%d", room.ID, room.Version, page.Inbox.Mark(), room.History.Epoch)
}

// addQuote adds to a composer the message that it answers. If that cannot be answered, the composer answers none.
func (s *Server) addQuote(c echo.Context, viewer *store.Session, composer *views.Composer) error {
	if composer.ReplyTo == 0 {
		return nil
	}
	quote, err := s.store.Quote(c.Request().Context(), viewer.User.ID, composer.Room, composer.ReplyTo)
	if store.KindOf(err) == store.NotFound || quote.Deleted {
		composer.ReplyTo, err = 0, nil
	}
	composer.Answers = quote
	return err
}

// newestPage returns the newest messages of a room. It returns an error if the viewer may no longer read
// the room.
func (s *Server) newestPage(c echo.Context, viewer *store.Session, room store.Room) (live.Page, error) {
	ctx := c.Request().Context()
	known := live.Progress{Version: room.Version, History: live.History(room.History)}
	newest, err := s.hub.Page(ctx, liveRoom(room), known)
	if err == nil && (newest.Version > room.Version || newest.History != known.History) && room.Kind != store.Public {
		// A message came after the viewer was found to be a member, who may have left before it.
		_, err = s.store.RoomFor(ctx, viewer.User.ID, room.ID)
	}
	return newest, err
}

// addPrivate adds what the page of a private room shows beside the log.
func (s *Server) addPrivate(c echo.Context, viewer *store.Session, shown *views.Room) error {
	beside, err := s.store.RoomPage(c.Request().Context(), viewer.User, shown.Room)
	if err != nil {
		return err
	}
	shown.State, shown.LeftAt = views.StateFor(beside.State, viewer.User.ID), beside.FirstUnread
	if shown.Kind == store.Pair && !shown.Other.Deleted {
		shown.Composer.Person = shown.Other.Username
		shown.Online = !shown.Notebook && s.hub.IsOnline(shown.Other.ID)
	}
	return nil
}
