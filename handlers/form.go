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

// formErrors returns the sentences for a form: what is wrong as a whole, which is "" where that is only
// its fields, and what is wrong with each field.
func formErrors(err error) (whole string, fields map[string]string) {
	var ours *store.Error
	if !errors.As(err, &ours) {
		return problemOf(err).Message, nil
	}
	if ours.Code != "" {
		whole = views.Sentence(ours)
	}
	return whole, views.FieldSentences(ours)
}

// fieldErrors is formErrors for a form without a place for what is wrong as a whole: that stands
// beside the field named.
func fieldErrors(err error, field string) map[string]string {
	whole, fields := formErrors(err)
	if whole != "" {
		fields = map[string]string{field: whole}
	}
	return fields
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
