package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// refuse answers a form that failed: with the form again where the person can mend or
// repeat it, and otherwise as any error.
func (s *Server) refuse(c echo.Context, err error, again func(status int) error) error {
	problem := problemOf(err)
	// Where the fault is ours, htmx puts the answer into the form, which is still there.
	ours := problem.Status >= http.StatusInternalServerError
	if problem.Status == http.StatusInternalServerError || ours && isFragmentRequest(c.Request()) {
		return err
	}
	s.noteProblem(c, &problem, err)
	return again(problem.Status)
}

// submission returns what a form says about an error: a sentence beside each field at fault. A sentence about
// the form as a whole stands beside the field that is named here, or above the form where that is "".
func submission(err error, field string) views.Submission {
	ours := &store.Error{}
	errors.As(err, &ours)
	said := views.Submission{Errors: views.FieldSentences(ours)}
	switch {
	case len(ours.Fields) > 0 && ours.Code == "": // nothing is wrong with the rest
	case field == "":
		said.Error = problemOf(err).Message
	default:
		said.Errors[field] = problemOf(err).Message
	}
	return said
}

// checkConfirmed returns an Invalid error where a password was typed in two ways.
func checkConfirmed(values url.Values) error {
	if values.Get("password") != values.Get("password_confirm") {
		return store.InvalidField("password_confirm", store.CodePasswordsDiffer)
	}
	return nil
}

// formValues reads what a form sends. Where that is malformed, it is the sender's fault, and
// the cause is dropped: it quotes what was sent, which may be a password.
func formValues(c echo.Context) (url.Values, error) {
	values, err := c.FormParams()
	var answer *echo.HTTPError // that the form is too large
	if err != nil && !errors.As(err, &answer) {
		return nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	return values, err
}

// unixLines undoes what forms do to line ends, which would count against the length.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
