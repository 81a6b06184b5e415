package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/labstack/echo/v4"

	"plaza/handlers/limit"
	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// statusOf maps the kinds of the store's errors to statuses.
var statusOf = map[store.Kind]int{
	store.Internal:    http.StatusInternalServerError,
	store.Invalid:     http.StatusUnprocessableEntity,
	store.NotFound:    http.StatusNotFound,
	store.Conflict:    http.StatusConflict,
	store.Forbidden:   http.StatusForbidden,
	store.Unavailable: http.StatusServiceUnavailable,
}

// problemOf returns the status and the sentence for an error. The sentence tells nothing internal.
func problemOf(err error) views.Problem {
	var busy *limit.TooMany
	var refusal picture.Refusal
	var refused *store.Error
	var answer *echo.HTTPError
	problem := views.Problem{Status: statusOf[store.KindOf(err)]}
	switch {
	case errors.As(err, &busy):
		problem.Status, problem.Message = http.StatusTooManyRequests, views.TooMany(busy.Wait)
	case errors.As(err, &refusal):
		problem.Status, problem.Message = http.StatusUnprocessableEntity, views.Refusal(refusal)
	case errors.As(err, &refused):
		problem.Message = views.Sentence(refused)
	case errors.As(err, &answer):
		problem.Status = answer.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		problem.Status = http.StatusServiceUnavailable
	}
	if problem.Message == "" {
		problem.Message = views.StatusSentence(problem.Status)
	}
	if problem.Message == "" {
		problem.Status, problem.Message = http.StatusInternalServerError, views.StatusSentence(http.StatusInternalServerError)
	}
	return problem
}

// answerError answers a request that failed, with a page or for htmx with a fragment. If the session has
// ended, it leads to the sign-in page.
func (s *Server) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if errors.Is(err, store.ErrSignedOut) && s.askToSignIn(c) == nil {
		return
	}
	problem := problemOf(err)
	s.reportProblem(c, &problem, err)
	outlast(c)
	if rendering := s.renderProblem(c, problem); rendering != nil {
		s.log.Error("cannot render a problem", "error", rendering)
		_ = c.String(http.StatusInternalServerError, views.StatusSentence(http.StatusInternalServerError))
	}
}

// reportProblem sets the headers of a problem. It logs a fault of the server under an id that the page
// shows.
func (s *Server) reportProblem(c echo.Context, problem *views.Problem, err error) {
	var busy *limit.TooMany
	if errors.As(err, &busy) {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(busy.Seconds()))
	}
	if problem.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set(echo.HeaderRetryAfter, "3")
	}
	if problem.Status < http.StatusInternalServerError || isBusy(err) || c.Request().Context().Err() != nil {
		return
	}
	if problem.Status == http.StatusServiceUnavailable {
		s.recheckHealth()
	}
	id := make([]byte, 4)
	_, _ = rand.Read(id)
	problem.ID = hex.EncodeToString(id)
	s.log.Error("request failed", "id", problem.ID, "method", c.Request().Method, "route", c.Path(), "error", err)
}

// outlast lets the answer to a request read what it shows after the request has ended. It may say just that, such as
// of an upload that took too long.
func outlast(c echo.Context) {
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
}

// isBusy tells whether an error says that too many people do the same. That is no fault of the server, and
// could fill the log.
func isBusy(err error) bool {
	var refused *store.Error
	return errors.As(err, &refused) && (refused.Code == store.CodeTooManyUploads || refused.Code == store.CodeTooManySignIns)
}

func (s *Server) renderProblem(c echo.Context, problem views.Problem) error {
	if isFragmentRequest(c.Request()) {
		return render(c, problem.Status, views.ProblemFragment(problem))
	}
	viewer, known := s.viewerDespite(c, problem.Status)
	problem.ToVisitor = known && viewer == nil
	page := s.page(c, viewer)
	if problem.Status >= http.StatusInternalServerError {
		page = s.faultPage(c, viewer)
	}
	return render(c, problem.Status, views.ProblemPage(page, problem))
}

// faultPage is page without what has to be read: the database may have failed.
func (s *Server) faultPage(c echo.Context, viewer *store.Session) views.Page {
	page := s.page(c, viewer)
	if viewer != nil {
		page.Navigation = views.NavigationPanel(views.Navigation{Inbox: viewer.Inbox, Path: c.Request().URL.Path})
	}
	return page
}

// viewerDespite returns who gets the page of a problem, nil for a visitor, and whether that is known. After a fault of
// the server it reads nothing, since the database may have failed: it knows the viewer if the request has read the
// session before.
func (s *Server) viewerDespite(c echo.Context, status int) (viewer *store.Session, known bool) {
	if status < http.StatusInternalServerError {
		viewer, err := s.viewer(c)
		return viewer, err == nil
	}
	viewer, known = c.Get(viewerKey).(*store.Session)
	return viewer, known
}

// recoverPanic turns a panic into an error. Only the log shows the stack.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); r {
			case nil:
			case http.ErrAbortHandler: // net/http breaks the connection
				panic(r)
			default:
				err = panicked(r)
			}
		}()
		return next(c)
	}
}

// panicked returns the error of a panic, with its stack.
func panicked(r any) error { return fmt.Errorf("panic: %v\n%s", r, debug.Stack()) }
