package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// idIn parses an id. It returns 0 for the empty string, and 404 for a malformed id.
func idIn(value string) (int64, error) {
	if value == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0, echo.NewHTTPError(http.StatusNotFound)
	}
	return id, nil
}

// pointIn parses a point. It returns the zero Point for the empty string, and 404 for a malformed point.
func pointIn(value string) (store.Point, error) {
	point, ok := views.ParsePoint(value)
	if value != "" && !ok {
		return store.Point{}, echo.NewHTTPError(http.StatusNotFound)
	}
	return point, nil
}

// named returns the user that a path names. moved tells whether the user has changed that name.
func (s *Server) named(c echo.Context) (user store.User, moved bool, err error) {
	return s.userNamed(c.Request().Context(), usernameParam(c))
}

// userNamed returns the user with a username. moved tells whether the user has changed that name.
func (s *Server) userNamed(ctx context.Context, name string) (user store.User, moved bool, err error) {
	user, err = s.store.UserByName(ctx, name)
	if store.KindOf(err) == store.NotFound {
		user, err = s.store.UserByOldName(ctx, name)
		moved = err == nil
	}
	return user, moved, err
}

// follow redirects to a page of a user who has changed names. The redirect is temporary, since the name
// may change again.
func follow(c echo.Context, user store.User, page string) error {
	address := url.URL{Path: "/u/" + user.Username + page, RawQuery: c.Request().URL.RawQuery}
	return c.Redirect(http.StatusFound, address.RequestURI())
}

// usernameParam returns the username in the path. Echo does not unescape it if the path has escapes.
func usernameParam(c echo.Context) string {
	name, err := url.PathUnescape(c.Param("username"))
	if err != nil {
		return c.Param("username")
	}
	return name
}

// isFragmentRequest tells whether htmx makes the request, which wants only the fragment.
func isFragmentRequest(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// localPath returns next if it is a path of this site, and "/" if it could lead to another site.
func localPath(next string) string {
	parsed, err := url.Parse(next)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return parsed.RequestURI()
}
