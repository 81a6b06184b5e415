package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
	"plaza/views/picture"
)

// tooMany says that somebody asks too often, and how long they should wait.
type tooMany struct{ wait time.Duration }

func (t *tooMany) Error() string { return fmt.Sprintf("too many requests: wait %s", t.wait) }

// seconds is how long to wait, as Retry-After counts.
func (t *tooMany) seconds() int { return int(math.Ceil(t.wait.Seconds())) }

// statusOf maps the store's kinds of errors to statuses.
var statusOf = map[store.Kind]int{
	store.Internal:    http.StatusInternalServerError,
	store.Invalid:     http.StatusUnprocessableEntity,
	store.NotFound:    http.StatusNotFound,
	store.Conflict:    http.StatusConflict,
	store.Unavailable: http.StatusServiceUnavailable,
}

// problemOf puts any error into words for people; nothing internal is in them.
func problemOf(err error) views.Problem {
	var busy *tooMany
	var refusal picture.Refusal
	var ours *store.Error
	var answer *echo.HTTPError
	problem := views.Problem{Status: statusOf[store.KindOf(err)]}
	switch {
	case errors.As(err, &busy):
		problem.Status, problem.Message = http.StatusTooManyRequests, views.TooMany(busy.wait)
	case errors.As(err, &refusal):
		problem.Status, problem.Message = http.StatusUnprocessableEntity, views.Refusal(refusal)
	case errors.As(err, &ours):
		problem.Message = views.Sentence(ours)
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

// answerError answers a request that failed, with a page, or a fragment for htmx.
func (s *Server) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	problem := problemOf(err)
	s.noteProblem(c, &problem, err)
	if rendering := s.renderProblem(c, problem); rendering != nil {
		s.log.Error("cannot render a problem", "error", rendering)
		_ = c.String(http.StatusInternalServerError, views.StatusSentence(http.StatusInternalServerError))
	}
}

// noteProblem logs what is our fault, under an id that the page shows, and sets what the
// status asks for.
func (s *Server) noteProblem(c echo.Context, problem *views.Problem, err error) {
	var busy *tooMany
	if errors.As(err, &busy) {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(busy.seconds()))
	}
	if problem.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set(echo.HeaderRetryAfter, "3")
		s.doubtHealth()
	}
	if problem.Status < http.StatusInternalServerError || c.Request().Context().Err() != nil {
		return
	}
	id := make([]byte, 4)
	_, _ = rand.Read(id)
	problem.ID = hex.EncodeToString(id)
	s.log.Error("request failed", "id", problem.ID, "method", c.Request().Method, "route", c.Path(), "error", err)
}

func (s *Server) renderProblem(c echo.Context, problem views.Problem) error {
	if isFragmentRequest(c.Request()) {
		return render(c, problem.Status, views.ProblemFragment(problem))
	}
	// Who is asking is of no matter here, and the database may be what failed.
	return render(c, problem.Status, views.ProblemPage(s.visitorPage(c, ""), problem))
}

// recoverPanic turns a panic into an error, with its stack in the log alone.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); r {
			case nil:
			case http.ErrAbortHandler: // which the server understands
				panic(r)
			default:
				err = panicked(r)
			}
		}()
		return next(c)
	}
}

// panicked is an error with the stack of the panic it stands for.
func panicked(r any) error { return fmt.Errorf("panic: %v\n%s", r, debug.Stack()) }
