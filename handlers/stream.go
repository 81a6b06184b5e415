package handlers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// getStream opens a live connection. It is refused before the handshake where nobody is
// signed in, where it comes from another site, or where there are too many.
func (s *Server) getStream(c echo.Context) error {
	r := c.Request()
	if !s.isOwnOrigin(r) {
		return echo.NewHTTPError(http.StatusForbidden)
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	if viewer == nil {
		return c.String(http.StatusUnauthorized, views.StatusSentence(http.StatusUnauthorized))
	}
	if err := s.limits.connecting.allow(c.Request().Context(), accountKey(viewer)); err != nil {
		return err
	}
	seat, err := s.hub.Reserve(live.Member{
		Person:  personOf(viewer.User.Person),
		Session: live.SessionKey(viewer.Hash),
		Address: addressKey(c.RealIP()),
	})
	switch {
	case errors.Is(err, live.ErrTooMany):
		return &tooMany{crowdedWait}
	case err != nil:
		return &store.Error{Kind: store.Unavailable, Code: store.CodeRestarting, Err: err}
	}
	place, err := s.place(c, viewer)
	if err != nil {
		seat.Release()
		return err
	}
	// The origin is ours, as was checked above, and more strictly than Accept would.
	socket, err := websocket.Accept(seated{c.Response(), seat}, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		seat.Release()
		return nil //nolint:nilerr // Accept has answered
	}
	seat.Serve(socket, place)
	return nil
}

// seated is a response whose connection, when the websocket library takes it over, becomes the
// wire of a seat.
type seated struct {
	*echo.Response
	seat *live.Seat
}

// Hijack implements http.Hijacker.
func (s seated) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := s.Response.Hijack()
	if err != nil {
		return nil, nil, err
	}
	return s.seat.Wire(conn, buffered)
}

// crowdedWait is when to try again where an account or address has too many connections.
const crowdedWait = 30 * time.Second

// place reads which room the stream is of, and from where on. A cursor that makes no
// sense is behind everything: such a reader gets the newest page. A page that does not say what
// else it shows is not told of what it was before.
func (s *Server) place(c echo.Context, viewer *store.Session) (live.Place, error) {
	place := live.Place{Inbox: viewer.Inbox.Mark(), InboxShown: c.QueryParam("inbox")}
	if place.InboxShown == "" {
		place.InboxShown = place.Inbox
	}
	if c.QueryParam("room") == "" {
		return place, nil
	}
	var err error
	if place.Room, err = strconv.ParseInt(c.QueryParam("room"), 10, 64); err != nil {
		return live.Place{}, echo.NewHTTPError(http.StatusNotFound)
	}
	room, err := s.store.RoomFor(c.Request().Context(), viewer.User.ID, place.Room)
	if err != nil {
		return live.Place{}, err
	}
	if place.After, err = strconv.ParseInt(c.QueryParam("after"), 10, 64); err != nil || place.After < 0 {
		place.After = live.Nowhere
	}
	place.State = room.State
	if place.StateShown, err = strconv.ParseInt(c.QueryParam("state"), 10, 64); err != nil {
		place.StateShown = room.State
	}
	return place, nil
}

// source is where the hub reads a room, and how it frames what it sends.
func (s *Server) source() live.Source {
	source := live.Source{
		Newest: func(ctx context.Context, room int64) (live.Page, error) {
			newest, err := s.store.NewestMessages(ctx, room, pageLength)
			if err != nil {
				return live.Page{}, err
			}
			html, err := renderMessages(newest.Messages, newest.Older, room)
			return live.Page{Version: newest.Version, HTML: html, Deflated: deflated(html)}, err
		},
		Changes: func(ctx context.Context, room, after, upTo int64) ([]live.Entry, error) {
			messages, err := s.store.Changes(ctx, room, after, upTo)
			if err != nil {
				return nil, err
			}
			entries := make([]live.Entry, 0, len(messages))
			for _, message := range messages {
				entry, err := entryOf(message)
				if err != nil {
					return nil, err
				}
				entries = append(entries, entry)
			}
			return entries, nil
		},
		FrameChanges: frameChanges,
		FramePage: func(_ int64, page live.Page) []byte {
			return partial("#messages", fmt.Sprintf("log version:%d fresh:true", page.Version), page.HTML)
		},
		FrameCount: func(online int) []byte {
			return partial("#online", "textContent", s.rendered(views.Online(online)))
		},
		People: func(people []live.Person) []byte {
			return s.rendered(views.PeopleList(shownPeople(people)))
		},
		FramePeople: func(list []byte) []byte { return partial("#people", "outerMorph", list) },
		FramePerson: func(person live.Person) []byte {
			at := strconv.FormatInt(time.Now().UnixMilli(), 10)
			return partial("#online", "picture at:"+at, s.rendered(views.Picture(shownPerson(person))))
		},
		IsPrivate: store.IsPrivate,
		Outsiders: s.store.Outsiders,
		State:     s.stateOf,
		MayWrite: func(ctx context.Context, room, person int64) (bool, error) {
			return s.store.MayWrite(ctx, person, room)
		},
		FrameTyping: func(people []live.Person) []byte {
			users := make([]store.Person, len(people))
			for i, person := range people {
				users[i] = shownPerson(person)
			}
			return partial("#typing", "typing", s.rendered(views.Typing(users)))
		},
		Inboxes: s.inboxes,
	}
	if s.store.IsShared() {
		source.Concerned = s.store.InboxesChanged
		source.Versions = func(ctx context.Context, rooms []int64) (map[int64]live.Progress, error) {
			found, err := s.store.Progress(ctx, rooms)
			progress := make(map[int64]live.Progress, len(found))
			for room, is := range found {
				progress[room] = live.Progress(is)
			}
			return progress, err
		}
	}
	return source
}

// stateOf frames what stands beside a private room's log.
func (s *Server) stateOf(ctx context.Context, room int64) (live.State, error) {
	found, err := s.store.State(ctx, room)
	if err != nil {
		return live.State{}, err
	}
	type kind struct{ bare, closed bool }
	frames := map[kind][]byte{}
	state := live.State{Number: found.Number, Frames: map[int64][]byte{}}
	for _, member := range found.Members {
		shown := views.StateFor(found, member.ID)
		k := kind{shown.Bare, shown.Closed}
		if frames[k] == nil {
			frames[k] = partial("#room-state", "state", s.rendered(views.RoomStateContent(shown)))
		}
		state.Frames[member.ID] = frames[k]
	}
	return state, nil
}

// inboxes frames what waits for people.
func (s *Server) inboxes(ctx context.Context, people []int64) (map[int64]live.Inbox, error) {
	found, err := s.store.Inboxes(ctx, people)
	framed := make(map[int64]live.Inbox, len(found))
	for person, inbox := range found {
		framed[person] = live.Inbox{Mark: inbox.Mark(), Frame: partial("#inbox", "inbox", s.rendered(views.Inbox(inbox)))}
	}
	return framed, err
}

// rendered renders a component that is only a hint of who is online: where that fails,
// the page keeps what it shows.
func (s *Server) rendered(component templ.Component) []byte {
	html, err := toBytes(component)
	if err != nil {
		s.log.Error("cannot render presence", "error", err)
	}
	return html
}

// frameChanges makes a frame whose swap, "log", is static/js/live.js's: it puts each
// message at its place, and moves the page's cursor to the version.
func frameChanges(_, version int64, changes []live.Entry) []byte {
	fragments := make([][]byte, len(changes))
	for i, change := range changes {
		fragments[i] = change.Fragment
	}
	return partial("#messages", "log version:"+strconv.FormatInt(version, 10), fragments...)
}

// partial frames content for an element of the page.
func partial(target, swap string, content ...[]byte) []byte {
	const open, middle, end, closing = `<hx-partial data-hx-target="`, `" data-hx-swap="`, `">`, `</hx-partial>`
	size := len(open) + len(target) + len(middle) + len(swap) + len(end) + len(closing)
	for _, piece := range content {
		size += len(piece)
	}
	frame := make([]byte, 0, size)
	frame = append(append(append(frame, open...), target...), middle...)
	frame = append(append(frame, swap...), end...)
	for _, piece := range content {
		frame = append(frame, piece...)
	}
	return append(frame, closing...)
}
