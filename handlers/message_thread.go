package handlers

import (
	"math"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// getThread shows the thread that a message belongs to, and what the viewer can do with the message. It shows the newest
// messages of the thread, or those before a seq.
func (s *Server) getThread(c echo.Context, viewer *store.Session) error {
	room, seq, err := messageParams(c)
	if err != nil {
		return err
	}
	before, isPart := seqIn(c, "before")
	if !isPart {
		before = math.MaxInt64
	}
	found, message, thread, err := s.store.Thread(c.Request().Context(), viewer.User.ID, room, seq, before, pageLength)
	if err != nil {
		return err
	}
	part := partOf(room, thread.Part)
	part.Thread = seq
	log, err := toBytes(views.Messages(part))
	if err != nil {
		return err
	}
	if isPart && isFragmentRequest(c.Request()) {
		return sendHTML(c, http.StatusOK, log, live.Page{})
	}
	shown := views.Room{Room: found, Log: log, Thread: thread.Began}
	page := s.page(c, viewer)
	if isPart {
		return render(c, http.StatusOK, views.OlderReplies(page, shown, message))
	}
	page.Stream = streamAddress(page, found)
	shown.Composer = newComposer(room)
	shown.Composer.Account, shown.Composer.To = viewer.User.ID, views.Readers(found.RoomSummary)
	shown.Composer.Thread, shown.Composer.ReplyTo = thread.Began, seq
	if err := s.addQuote(c, viewer, &shown.Composer); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Thread(page, shown, views.MessageShown{
		Message: message, Own: message.Author.ID == viewer.User.ID, Owner: viewer.User.Role == store.Owner,
	}))
}
