package handlers

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getRegister(c echo.Context) error {
	return s.accountPage(c, func() error {
		if err := s.store.CheckAdmission(c.Request().Context(), s.admission(c)); err != nil {
			return s.showUnregistrable(c, err, views.RegisterForm{})
		}
		var form views.RegisterForm
		if err := s.claim(c, c.QueryParam("identity"), &form); err != nil {
			return s.refuseProvider(c, err)
		}
		return s.showRegister(c, http.StatusOK, form)
	})
}

func (s *Server) postRegister(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.RegisterForm{Username: values.Get("username"), Email: values.Get("email"), Invite: values.Get("invite")}
	shown := s.admission(c)
	shown.Invite = form.Invite
	if err := s.claim(c, values.Get("identity"), &form); err != nil {
		return s.refuseProvider(c, err)
	}
	user, err := s.register(c, values, shown)
	if err != nil {
		if s.repeats(c, form, err) {
			return seeOther(c, "/")
		}
		return s.refuse(c, err, func(status int) error {
			form.Submission = registerSubmission(err)
			if isAdmission(err) {
				return s.showUnregistrable(c, err, form)
			}
			return s.showRegister(c, status, form)
		})
	}
	if form.Provider != "" {
		s.linkFirst(c, user)
	}
	return s.admit(c, user, "/")
}

// admission returns what the client of a request shows to register.
func (s *Server) admission(c echo.Context) store.Admission {
	return store.Admission{Local: s.setupByLoopback && isLocal(c.Request()), Override: s.site.override}
}

// isLocal tells whether a request comes from this machine, with nothing that says that somebody else sent it here. A
// proxy adds a header, or speaks HTTP/1.0, which no browser does.
func isLocal(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() || !r.ProtoAtLeast(1, 1) {
		return false
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Forwarded") || name == "Forwarded" || name == "X-Real-Ip" || name == "Via" {
			return false
		}
	}
	host := r.Host
	if name, port, err := net.SplitHostPort(host); err == nil && port != "" {
		host = name
	}
	return slices.Contains([]string{"localhost", "127.0.0.1", "[::1]", "::1"}, strings.ToLower(host))
}

// admit signs a new user in, and leads to a page. It sends the link that verifies the address, if the site sends mail.
func (s *Server) admit(c echo.Context, user store.User, path string) error {
	if s.sendsMail() {
		s.sendFirstLink(c.Request().Context(), user)
	}
	if err := s.store.ChangeTheme(c.Request().Context(), user, theme(c.Request())); err != nil {
		return err
	}
	err := s.signInBy(c, func(userAgent, browser string) (string, int64, error) {
		token, err := s.store.CreateFirstSession(c.Request().Context(), user, userAgent, browser)
		return token, user.ID, err
	})
	if err != nil {
		return err
	}
	return seeOther(c, path)
}

func registerSubmission(err error) views.Submission {
	said := submission(err, "")
	said.Error = cmp.Or(said.Error, views.MendFields())
	return said
}

// isAdmission tells whether an error says that somebody may not register, whatever the form holds.
func isAdmission(err error) bool {
	kind := store.KindOf(err)
	return kind == store.Forbidden || kind == store.NotFound
}

// showUnregistrable says why nobody can register this way. htmx gets the form with the reason.
func (s *Server) showUnregistrable(c echo.Context, err error, form views.RegisterForm) error {
	refused := &store.Error{}
	if !errors.As(err, &refused) || !isAdmission(err) {
		return err
	}
	return respond(c, statusOf[refused.Kind], views.Unregistrable(s.visitorPage(c), refused.Code), views.RegisterFragment(form))
}

// repeats tells whether a form is refused because the first click has made its account, which the browser is signed in
// to: only the names are wrong, since they are taken, or what admitted the account admits no other.
func (s *Server) repeats(c echo.Context, form views.RegisterForm, err error) bool {
	refused := &store.Error{}
	if !errors.As(err, &refused) {
		return false
	}
	if !isAdmission(err) && (len(refused.Fields) != 2 || refused.Fields["username"].Code != store.CodeUsernameTaken ||
		refused.Fields["email"].Code != store.CodeEmailRegistered) {
		return false
	}
	session, err := s.session(c)
	if err != nil {
		return false
	}
	made, ok := session.Values[signedIn].(store.Session)
	return ok && strings.EqualFold(made.User.Username, strings.TrimSpace(form.Username)) &&
		strings.EqualFold(made.User.Email, strings.TrimSpace(form.Email))
}

// register creates the account that a form asks for. An Invalid error holds every mistake in the form, and those that
// the caller has found.
func (s *Server) register(c echo.Context, values url.Values, shown store.Admission, found ...error) (store.User, error) {
	ctx := c.Request().Context()
	if err := s.limits.registering.AllowAddress(ctx, c.RealIP()); err != nil {
		return store.User{}, err
	}
	if values.Get(views.Honeypot) != "" && s.limits.registering != nil {
		return store.User{}, &store.Error{Kind: store.Invalid, Code: store.CodeHoneypot}
	}
	asked := store.NewUser{Username: values.Get("username"), Email: values.Get("email"), Password: values.Get("password")}
	if err := store.JoinInvalid(append(found, checkConfirmed(values))...); err != nil {
		return store.User{}, store.JoinInvalid(err, s.store.CheckRegistration(ctx, asked, shown))
	}
	return s.store.Register(ctx, asked, shown)
}

func (s *Server) showRegister(c echo.Context, status int, form views.RegisterForm) error {
	page := s.visitorPage(c)
	return respond(c, status, views.Register(page, form), views.RegisterFragment(form))
}
