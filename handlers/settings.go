package handlers

import (
	"encoding/hex"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSettings lists what one can change about one's account.
func (s *Server) getSettings(c echo.Context, viewer *store.Session) error {
	return render(c, http.StatusOK, views.Settings(s.page(c, "Settings", viewer)))
}

// saved leads back to a form that was taken, which then says so.
func saved(c echo.Context, path string) error { return seeOther(c, path+"?saved=1") }

func isSaved(c echo.Context) bool { return c.QueryParam("saved") != "" }

func (s *Server) getProfileSettings(c echo.Context, viewer *store.Session) error {
	user := viewer.User
	return s.showProfileSettings(c, viewer, http.StatusOK, views.ProfileForm{
		DisplayName: user.DisplayName, About: user.About, SeenHidden: user.SeenHidden, Saved: isSaved(c),
	})
}

func (s *Server) postProfileSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.ProfileForm{
		DisplayName: values.Get("display_name"), About: unixLines(values.Get("about")), SeenHidden: values.Has("seen_hidden"),
	}
	refused := func(err error, errors map[string]string) error {
		return s.refuse(c, err, func(status int) error {
			form.Errors = errors
			return s.showProfileSettings(c, viewer, status, form)
		})
	}
	ctx := c.Request().Context()
	if err := s.limits.changing.allow(ctx, accountKey(viewer)); err != nil {
		return refused(err, map[string]string{"display_name": problemOf(err).Message})
	}
	if err := s.store.ChangeProfile(ctx, viewer.User, form.DisplayName, form.About, form.SeenHidden); err != nil {
		return refused(err, fieldErrors(err))
	}
	s.bus.Events()
	return saved(c, "/settings/profile")
}

func (s *Server) showProfileSettings(c echo.Context, viewer *store.Session, status int, form views.ProfileForm) error {
	return respond(c, status, views.ProfileSettings(s.page(c, "Profile", viewer), form), views.ProfileSettingsFragment(form))
}

func (s *Server) getUsernameSettings(c echo.Context, viewer *store.Session) error {
	return s.showUsernameSettings(c, viewer, http.StatusOK, views.UsernameForm{Username: viewer.User.Username, Saved: isSaved(c)})
}

func (s *Server) postUsernameSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.UsernameForm{Username: values.Get("username")}
	if err := s.store.ChangeUsername(c.Request().Context(), viewer.User, form.Username); err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Errors = fieldErrors(err)
			return s.showUsernameSettings(c, viewer, status, form)
		})
	}
	s.mentions.forget()
	s.bus.Events()
	return saved(c, "/settings/username")
}

func (s *Server) showUsernameSettings(c echo.Context, viewer *store.Session, status int, form views.UsernameForm) error {
	var err error
	if form.Again, err = s.store.RenameAgainAt(c.Request().Context(), viewer.User); err != nil {
		return err
	}
	return respond(c, status, views.UsernameSettings(s.page(c, "Username", viewer), form), views.UsernameSettingsFragment(form))
}

func (s *Server) getPasswordSettings(c echo.Context, viewer *store.Session) error {
	return s.showPasswordSettings(c, viewer, http.StatusOK, views.PasswordForm{Saved: isSaved(c)})
}

// postPasswordSettings changes the password, and signs out every other browser.
func (s *Server) postPasswordSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.PasswordForm{Errors: map[string]string{}}
	again := func(status int) error { return s.showPasswordSettings(c, viewer, status, form) }
	password := values.Get("password")
	if password != values.Get("password_confirm") {
		form.Errors["password_confirm"] = "The two passwords differ: please type the same one twice."
		return again(http.StatusUnprocessableEntity)
	}
	if err := s.askPassword(c, viewer, values.Get("current_password")); err != nil {
		form.Errors["current_password"] = problemOf(err).Message
		return s.refuse(c, err, again)
	}
	if err := s.store.ChangePassword(c.Request().Context(), *viewer, password); err != nil {
		maps.Copy(form.Errors, fieldErrors(err))
		return s.refuse(c, err, again)
	}
	s.concern(viewer.User.ID)
	s.bus.Events()
	return saved(c, "/settings/password")
}

func (s *Server) showPasswordSettings(c echo.Context, viewer *store.Session, status int, form views.PasswordForm) error {
	return respond(c, status, views.PasswordSettings(s.page(c, "Password", viewer), form), views.PasswordSettingsFragment(form))
}

// askPassword checks the viewer's own password, with the limits that signing in has.
func (s *Server) askPassword(c echo.Context, viewer *store.Session, password string) error {
	_, err := s.authenticate(c, viewer.User.Username, password)
	if store.KindOf(err) == store.Invalid {
		return &store.Error{Kind: store.Invalid, Message: "This is not your password. Please type it again."}
	}
	return err
}

func (s *Server) getSessionSettings(c echo.Context, viewer *store.Session) error {
	found, err := s.store.Sessions(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	sessions := make([]views.Session, len(found))
	for i, one := range found {
		sessions[i] = views.Session{
			ID: hex.EncodeToString(one.Hash[:]), Browser: browserInWords(one.UserAgent),
			Since: one.Since, UsedAt: one.UsedAt, Current: one.Hash == viewer.Hash,
		}
	}
	return render(c, http.StatusOK, views.SessionSettings(s.page(c, "Sessions", viewer), sessions, isSaved(c)))
}

// postRevoke signs out one of the viewer's browsers, or where none is named, all others.
func (s *Server) postRevoke(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	if values.Get("id") == "" {
		err = s.store.RevokeOtherSessions(c.Request().Context(), *viewer)
	} else {
		hash, malformed := hex.DecodeString(values.Get("id"))
		if malformed != nil || len(hash) != len(store.TokenHash{}) {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		err = s.store.RevokeSession(c.Request().Context(), viewer.User, store.TokenHash(hash))
	}
	if err != nil {
		return err
	}
	s.bus.Events()
	return saved(c, "/settings/sessions")
}
