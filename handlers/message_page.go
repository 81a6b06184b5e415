package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// partAsked reads the part of a room's log that a query asks for: the messages around one, or, for browsers without
// JavaScript, those before or after one. It has no messages if the query asks for none.
func (s *Server) partAsked(c echo.Context, room store.Room) (views.Part, error) {
	ctx := c.Request().Context()
	var found store.Part
	var err error
	at, isAt := seqIn(c, "at")
	if before, ok := seqIn(c, "before"); ok {
		found, err = s.store.MessagesAround(ctx, room, before, pageLength, 0)
	} else if after, ok := seqIn(c, "after"); ok {
		found, err = s.store.MessagesAround(ctx, room, after+1, 0, pageLength)
	} else if isAt {
		found, err = s.store.MessagesAround(ctx, room, at, pageLength/2, pageLength/2)
	}
	part := partOf(room.ID, found)
	if isAt {
		part.Marked = nearest(found.Messages, at)
	}
	return part, err
}

// seqIn returns the seq that a query has by a name. ok is false if it has none.
func seqIn(c echo.Context, name string) (seq int64, ok bool) {
	seq, err := strconv.ParseInt(c.QueryParam(name), 10, 63) // so that seq+1 is one too
	return seq, err == nil
}

// partOf returns a part of a room's log with the links to what is before and after it.
func partOf(room int64, found store.Part) views.Part {
	part := views.Part{Room: room, Messages: found.Messages}
	if len(part.Messages) == 0 {
		return part
	}
	if found.Older {
		part.Older = part.Messages[0].Seq
	}
	if found.Newer {
		part.Newer = part.Messages[len(part.Messages)-1].Seq
	}
	return part
}

// nearest returns the seq of the first of some messages that is not before seq, or else of the last. It returns 0 if
// there are none.
func nearest(messages []store.Message, seq int64) (found int64) {
	for _, m := range messages {
		if found = m.Seq; found >= seq {
			break
		}
	}
	return found
}

// getMessages answers with the messages before or after a seq.
func (s *Server) getMessages(c echo.Context, viewer *store.Session) error {
	id, err := strconv.ParseInt(c.QueryParam("room"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	before, isBefore := seqIn(c, "before")
	after, isAfter := seqIn(c, "after")
	if !isBefore && !isAfter {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	ctx := c.Request().Context()
	room, err := s.store.RoomFor(ctx, viewer.User.ID, id)
	if err != nil {
		return err
	}
	// The viewer may have left after the version of room.
	var found store.Part
	if isBefore {
		found.Messages, found.Older, err = s.store.MessagesBefore(ctx, id, min(before, room.Version+1), pageLength)
	} else {
		found.Messages, found.Newer, err = s.store.MessagesFrom(ctx, id, after+1, room.Version, pageLength)
	}
	if err != nil {
		return err
	}
	html, err := toBytes(views.Messages(partOf(id, found)))
	if err != nil {
		return err
	}
	return sendHTML(c, http.StatusOK, html, live.Page{})
}
