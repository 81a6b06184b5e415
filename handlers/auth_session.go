package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"plaza/store"
)

// cookies keeps gorilla's sessions in the store. The browser's cookie holds only a random token.
type cookies struct{ server *Server }

// The keys of a session's values.
const (
	signedIn  = "session"    // store.Session: the session of the cookie
	signingIn = "signing in" // opener: makes the session that Save signs in to
)

// opener makes a session of a user in a browser, and returns its token.
type opener func(userAgent, browser string) (token string, user int64, err error)

// Get returns the session of a request. It reads the store once for each request.
func (k cookies) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(k, name)
}

// New reads the session of the request's cookie. If the session is unknown, ended or expired, New
// returns a new session. An error means that the store does not answer.
func (k cookies) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(k, name)
	session.IsNew = true
	token := k.token(r)
	if token == "" {
		return session, nil
	}
	found, err := k.server.store.SessionByToken(r.Context(), token)
	switch {
	case err == nil:
		session.IsNew = false
		session.Values[signedIn] = found
	case store.KindOf(err) != store.NotFound:
		return session, err
	}
	return session, nil
}

// token returns the token in the request's cookie, or "" if it has none.
func (k cookies) token(r *http.Request) string {
	if named := r.CookiesNamed(k.server.cookieName(r)); len(named) > 0 {
		return named[0].Value
	}
	return ""
}

// Save signs in by the opener that the session holds. After that it ends the session of before, if there
// is one, so that nobody who knows the old token is signed in too.
func (k cookies) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	browser, err := k.browser(r)
	if err != nil {
		return err
	}
	open := session.Values[signingIn].(opener)
	token, user, err := open(r.UserAgent(), browser)
	if err != nil {
		return err
	}
	if err := k.end(r, session); err != nil {
		return err
	}
	http.SetCookie(w, k.cookie(r, session.Name(), token, store.SessionLifetime))
	http.SetCookie(w, k.cookie(r, k.browserName(r), browser, store.BrowserLifetime))
	k.server.inboxChanged(user)
	return nil
}

// end ends the session of a request and closes its live connections.
func (k cookies) end(r *http.Request, session *sessions.Session) error {
	before, ok := session.Values[signedIn].(store.Session)
	if !ok {
		return nil
	}
	if err := k.server.store.EndSession(r.Context(), before.Hash); err != nil {
		return err
	}
	k.server.bus.Events()
	return nil
}

// cookie returns a cookie that no script can read, and that other sites send only by a link.
func (k cookies) cookie(r *http.Request, name, value string, lifetime time.Duration) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever the site is
		Name: name, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: k.server.isHTTPS(r),
	}
}

// browser returns the token of the request's browser, or a new token. The token outlives sessions.
func (k cookies) browser(r *http.Request) (string, error) {
	if known := k.knownBrowser(r); known != "" {
		return known, nil
	}
	return store.NewBrowser()
}

// knownBrowser returns the token of the request's browser, or "" if it has none.
func (k cookies) knownBrowser(r *http.Request) string {
	if named := r.CookiesNamed(k.browserName(r)); len(named) > 0 && len(named[0].Value) == store.BrowserTokenLength {
		return named[0].Value
	}
	return ""
}

func (k cookies) browserName(r *http.Request) string { return k.server.cookieName(r) + "-browser" }

// cookieName returns the name of the session cookie. Over HTTPS it has the prefix that binds the cookie
// to this host; browsers reject the prefix over HTTP.
func (s *Server) cookieName(r *http.Request) string {
	if s.isHTTPS(r) {
		return "__Host-plaza"
	}
	return "plaza"
}

func (s *Server) session(c echo.Context) (*sessions.Session, error) {
	return cookies{s}.Get(c.Request(), s.cookieName(c.Request()))
}

// viewerKey is the key of the viewer's session, a *store.Session, in the context of a request.
const viewerKey = "viewer"

// viewer returns the session of the user who makes the request, or nil for a visitor. From then on, what
// the request writes is written only if that session has not ended: see store.WithSession.
func (s *Server) viewer(c echo.Context) (*store.Session, error) {
	session, err := s.session(c)
	if err != nil {
		return nil, err
	}
	found, ok := session.Values[signedIn].(store.Session)
	if !ok {
		return nil, nil
	}
	c.SetRequest(c.Request().WithContext(store.WithSession(c.Request().Context(), found)))
	c.Set(viewerKey, &found)
	return &found, nil
}

// signIn starts a new session for a user whose password is verified.
func (s *Server) signIn(c echo.Context, user store.User) error {
	return s.signInBy(c, func(userAgent, browser string) (string, int64, error) {
		token, err := s.store.CreateSession(c.Request().Context(), user, userAgent, browser)
		return token, user.ID, err
	})
}

// signInBy starts the new session that an opener makes.
func (s *Server) signInBy(c echo.Context, open opener) error {
	session, err := s.session(c)
	if err != nil {
		return err
	}
	session.Values[signingIn] = open
	return session.Save(c.Request(), c.Response())
}

// signOut ends the session and removes its cookie from the browser, with all that the browser keeps of the
// site. Over plain HTTP browsers ignore that header, and a script of the next page removes what pages kept.
func (s *Server) signOut(c echo.Context) error {
	session, err := s.session(c)
	if err != nil {
		return err
	}
	kept, r := cookies{s}, c.Request()
	if err := kept.end(r, session); err != nil {
		return err
	}
	c.SetCookie(kept.cookie(r, session.Name(), "", -time.Second))
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return nil
}

// isOfAnother tells whether a page was made for another account than the session's: the browser has signed in
// with another one since. account is what the page sends, "" if it says nothing. The session of such a page
// has ended, as after signing out.
func isOfAnother(id int64, account string) bool {
	return account != "" && account != strconv.FormatInt(id, 10)
}

// memberHandler is a handler for signed-in users.
type memberHandler func(c echo.Context, viewer *store.Session) error

// members makes a handler for signed-in users alone. It leads visitors to the sign-in page.
func (s *Server) members(handle memberHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		viewer, err := s.viewer(c)
		if err != nil {
			return err
		}
		if viewer == nil {
			return s.askToSignIn(c)
		}
		return handle(c, viewer)
	}
}

// askToSignIn leads a visitor to the sign-in page, and from there back to this page.
func (s *Server) askToSignIn(c echo.Context) error {
	next := "/"
	if c.Request().Method == http.MethodGet && !isFragmentRequest(c.Request()) {
		next = c.Request().URL.RequestURI()
	}
	return seeOther(c, "/login?next="+url.QueryEscape(next))
}
