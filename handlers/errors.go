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
)

// tooMany says that somebody asks too often, and how long they should wait.
type tooMany struct{ wait time.Duration }

func (t *tooMany) Error() string {
	return fmt.Sprintf("That was a little fast. Please try again in %s.", inWords(t.wait))
}

// seconds is how long to wait, as Retry-After counts.
func (t *tooMany) seconds() int { return int(math.Ceil(t.wait.Seconds())) }

func inWords(wait time.Duration) string {
	if seconds := int(math.Ceil(wait.Seconds())); seconds < 120 {
		return count(seconds, "second")
	}
	return count(int(math.Ceil(wait.Minutes())), "minute")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// statusOf maps the store's kinds of errors to statuses.
var statusOf = map[store.Kind]int{
	store.Internal:    http.StatusInternalServerError,
	store.Invalid:     http.StatusUnprocessableEntity,
	store.NotFound:    http.StatusNotFound,
	store.Conflict:    http.StatusConflict,
	store.Unavailable: http.StatusServiceUnavailable,
}

// sentences are what people read where the error brings no words of its own.
var sentences = map[int]string{
	http.StatusBadRequest:            "The request could not be understood. Please go back and try again.",
	http.StatusForbidden:             "This request came from another site, so it was not carried out.",
	http.StatusNotFound:              "There is nothing at this address. It may have been moved or removed.",
	http.StatusMethodNotAllowed:      "This address does not work that way. Please go back and use the page's own buttons.",
	http.StatusRequestEntityTooLarge: "This is more than the site takes at once. Please send less.",
	http.StatusInternalServerError:   "Something went wrong on our side. It has been noted; please try again in a moment.",
	http.StatusServiceUnavailable:    "The site cannot do this right now. Nothing is lost; please try again in a moment.",
}

// problemOf puts any error into words for people; nothing internal is in them.
func problemOf(err error) views.Problem {
	var busy *tooMany
	var ours *store.Error
	var answer *echo.HTTPError
	problem := views.Problem{Status: statusOf[store.KindOf(err)]}
	switch {
	case errors.As(err, &busy):
		problem.Status, problem.Message = http.StatusTooManyRequests, busy.Error()
	case errors.As(err, &ours):
		problem.Message = ours.Message
	case errors.As(err, &answer):
		problem.Status = answer.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		problem.Status = http.StatusServiceUnavailable
	}
	if problem.Message == "" {
		problem.Message = sentences[problem.Status]
	}
	if problem.Message == "" {
		problem.Status, problem.Message = http.StatusInternalServerError, sentences[http.StatusInternalServerError]
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
		_ = c.String(http.StatusInternalServerError, sentences[http.StatusInternalServerError])
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
