package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// postMessage adds a message to a room. The author gets it by the stream, like every reader.
func (s *Server) postMessage(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	// Announce after the form is read. Commits wait for announced posts, and a form may arrive slowly.
	announced := s.store.Announce()
	defer announced.End()
	composer, seq, err := s.post(c, values, announced)
	switch {
	case errors.Is(err, store.ErrSignedOut):
		return err // answerError leads to the sign-in page
	case err != nil:
		return s.members(func(c echo.Context, viewer *store.Session) error {
			return s.refuseMessage(c, viewer, composer, err)
		})(c)
	case isFragmentRequest(c.Request()):
		// The stream brings the message, unless the page is past it: then the post is a repeat.
		c.Response().Header().Set("Plaza-Seq", strconv.FormatInt(seq, 10))
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, views.RoomPath(composer.Room))
}

// author is who posts.
type author struct {
	id      int64
	session store.TokenHash
}

// author returns who makes a request, or store.ErrSignedOut for a visitor. If one of the author's
// pages is live, it does not ask the store. So the session may have ended, and Post must check that.
func (s *Server) author(c echo.Context) (author, error) {
	session := store.HashToken(cookies{s}.token(c.Request()))
	if id, found := s.hub.SessionPerson(live.SessionKey(session)); found {
		return author{id, session}, nil
	}
	viewer, err := s.viewer(c)
	switch {
	case err != nil:
		return author{}, err
	case viewer == nil:
		return author{}, store.ErrSignedOut
	}
	return author{viewer.User.ID, viewer.Hash}, nil
}

// post stores the message that a composer holds, and then publishes it.
func (s *Server) post(c echo.Context, values url.Values, announced *store.Announcement) (views.Composer, int64, error) {
	ctx := c.Request().Context()
	composer := composerOf(values)
	if composer.Room == 0 && composer.Person == "" {
		return composer, 0, &store.Error{Kind: store.Invalid, Code: store.CodeMessageRoom}
	}
	author, err := s.author(c)
	if err != nil {
		return composer, 0, err
	}
	if isOfAnother(author.id, values.Get("account")) {
		return composer, 0, store.ErrSignedOut
	}
	if err := s.limits.posting.Allow(ctx, userKey(author.id)); err != nil {
		return composer, 0, err
	}
	source := unixLines(composer.Body)
	if err := store.CheckMessage(source, composer.Nonce); err != nil {
		return composer, 0, err
	}
	rendered, err := s.markdown(ctx, source)
	if err != nil {
		return composer, 0, err
	}
	if composer.Room == 0 {
		if composer.Room, err = s.openRoom(c, composer.Person); err != nil {
			return composer, 0, err
		}
	}
	// A committed message must be published, even if the author has hung up.
	posted, err := s.store.Post(context.WithoutCancel(ctx), store.NewMessage{
		Room: composer.Room, Author: author.id, Session: author.session, Nonce: composer.Nonce,
		ReplyTo: composer.ReplyTo, KeepsDraft: values.Has("thread"), // drafts are of rooms
		Source: source, Rendered: rendered, Announced: announced,
	})
	if err != nil {
		return composer, 0, err
	}
	err = s.publishPost(posted)
	s.inboxChanged(posted.InboxChanged...)
	return composer, posted.Seq, err
}

// composerOf returns the composer that a form fills in. The form's room is an id, or @USERNAME for the room with
// a person in which nobody has written.
func composerOf(values url.Values) views.Composer {
	composer := views.Composer{Nonce: values.Get("nonce"), Body: values.Get("body"), ReplyTo: replyIn(values)}
	if name, found := strings.CutPrefix(values.Get("room"), "@"); found {
		composer.Person = name
	} else if room, err := strconv.ParseInt(values.Get("room"), 10, 64); err == nil {
		composer.Room = room
	}
	return composer
}

// replyIn returns the seq of the message that a form answers, or 0 if it answers none.
func replyIn(values url.Values) int64 {
	text := values.Get("reply_to")
	if text == "" {
		return 0
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nothing
	}
	return seq
}

// nothing is the seq of no message.
const nothing = -1

// refuseMessage says why a message was not posted or previewed, and shows its text again.
func (s *Server) refuseMessage(c echo.Context, viewer *store.Session, composer views.Composer, err error) error {
	problem := problemOf(err)
	s.reportProblem(c, &problem, err)
	if isFragmentRequest(c.Request()) {
		return render(c, problem.Status, views.ProblemFragment(problem))
	}
	if problem.Status == http.StatusNotFound {
		return err
	}
	composer.Error = problem.Message
	if composer.Room == 0 && composer.Person == "" {
		composer.Room = store.PublicRoom
	}
	if composer.Nonce == "" || problem.Status == http.StatusConflict {
		composer.Nonce = newComposer(composer.Room).Nonce
	}
	if s.showRoom(c, viewer, problem.Status, composer) == nil {
		return nil
	}
	// The messages cannot be read either, so the page shows only the composer with the text.
	var room store.RoomSummary
	if composer.Room == store.PublicRoom {
		room.Kind = store.Public
	}
	composer.Account, composer.To = viewer.User.ID, views.Readers(room)
	return render(c, problem.Status, views.ComposerPage(s.faultPage(c, viewer), composer))
}
