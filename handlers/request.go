package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
)

// idIn reads an id; 0 where none is given.
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

// named finds the account that a path names; moved tells that it goes by another name now.
func (s *Server) named(c echo.Context) (user store.User, moved bool, err error) {
	name := usernameParam(c)
	user, err = s.store.UserByName(c.Request().Context(), name)
	if store.KindOf(err) == store.NotFound {
		user, err = s.store.UserByOldName(c.Request().Context(), name)
		moved = err == nil
	}
	return user, moved, err
}

// follow leads on to an address of somebody under the name they have now: for this time alone,
// since they may have another one soon.
func follow(c echo.Context, user store.User, page string) error {
	address := url.URL{Path: "/u/" + user.Username + page, RawQuery: c.Request().URL.RawQuery}
	return c.Redirect(http.StatusFound, address.RequestURI())
}

// usernameParam is the name in the path, of which Echo leaves the escapes in place where
// the path has any.
func usernameParam(c echo.Context) string {
	name, err := url.PathUnescape(c.Param("username"))
	if err != nil {
		return c.Param("username")
	}
	return name
}

// isFragmentRequest tells whether htmx asks, which wants the fragment alone.
func isFragmentRequest(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// localPath returns a path of this site to go on to; "/" for anything that could lead
// elsewhere.
func localPath(next string) string {
	parsed, err := url.Parse(next)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return parsed.RequestURI()
}
