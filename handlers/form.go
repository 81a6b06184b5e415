package handlers

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// readBody reads the whole body before a handler runs. Otherwise a handler could find a session that ends
// while its body arrives, which a client may delay. An upload is too large for that: its handler reads it.
func readBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Body == nil || r.Body == http.NoBody || isUpload(c) {
			return next(c)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return badBody(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		return next(c)
	}
}

// badBody returns the error for a body that cannot be read: 413 if it is too large, and otherwise 400
// without the cause, which quotes the form and may hold a password.
func badBody(err error) error {
	var tooLarge *echo.HTTPError
	if errors.As(err, &tooLarge) {
		return err
	}
	return echo.NewHTTPError(http.StatusBadRequest)
}

// refuse answers a form that failed. It shows the form again if the person can correct or repeat it, and
// returns any other error.
func (s *Server) refuse(c echo.Context, err error, again func(status int) error) error {
	if errors.Is(err, store.ErrSignedOut) {
		return err
	}
	problem := problemOf(err)
	// After a fault of the server, htmx puts the answer into the form, which the page still shows.
	fault := problem.Status >= http.StatusInternalServerError
	if problem.Status == http.StatusInternalServerError || fault && isFragmentRequest(c.Request()) {
		return err
	}
	s.reportProblem(c, &problem, err)
	outlast(c)
	return again(problem.Status)
}

// submission returns what a form says about an error: a sentence beside each wrong field. A sentence
// about the form as a whole stands beside field, or above the form if field is "".
func submission(err error, field string) views.Submission {
	refused := &store.Error{}
	errors.As(err, &refused)
	result := views.Submission{Errors: views.FieldSentences(refused)}
	switch {
	case len(refused.Fields) > 0 && refused.Code == "": // only fields are wrong
	case field == "":
		result.Error = problemOf(err).Message
	default:
		result.Errors[field] = problemOf(err).Message
	}
	return result
}

// checkConfirmed returns an Invalid error if the confirmation of the password is missing, or differs.
func checkConfirmed(values url.Values) error {
	if values.Get("password_confirm") == "" {
		return store.InvalidField("password_confirm", store.CodePasswordUnconfirmed)
	}
	if values.Get("password") != values.Get("password_confirm") {
		return store.InvalidField("password_confirm", store.CodePasswordsDiffer)
	}
	return nil
}

// formValues returns the values of a form.
func formValues(c echo.Context) (url.Values, error) {
	values, err := c.FormParams()
	if err != nil {
		return nil, badBody(err)
	}
	return values, nil
}

// unixLines turns the CRLF of forms into LF, since each byte counts against the length of a text.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
