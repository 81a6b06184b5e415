package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
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
