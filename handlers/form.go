package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

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

// submission returns what a form says about an error: a sentence beside each field at fault. Where the
// error is of no field, its sentence stands beside the field that is named here. Where that is "", the
// sentence stands above the form in any case.
func submission(err error, field string) views.Submission {
	ours := &store.Error{}
	errors.As(err, &ours)
	message := problemOf(err).Message
	switch {
	case field == "":
		return views.Submission{Error: message, Errors: ours.Fields}
	case len(ours.Fields) > 0:
		return views.Submission{Errors: ours.Fields}
	}
	return views.Submission{Errors: map[string]string{field: message}}
}
