package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSetup shows the form for the owner's account to the person who opens the address that plaza has printed, and then asks
// the owner who may come.
func (s *Server) getSetup(c echo.Context) error {
	viewer, err := s.viewer(c)
	switch {
	case err != nil:
		return err
	case viewer != nil:
		return s.owners(s.getSetupSite)(c)
	}
	form := views.SetupForm{Token: c.QueryParam("token")}
	if err := s.store.CheckAdmission(c.Request().Context(), s.setupAdmission(c, form.Token)); err != nil {
		return s.showUnregistrable(c, err, form.RegisterForm)
	}
	return s.showSetup(c, http.StatusOK, form)
}

// postSetup takes the form that getSetup shows.
func (s *Server) postSetup(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	if !values.Has("username") {
		return s.owners(s.postSetupSite)(c)
	}
	return s.postSetupAccount(c, values)
}

func (s *Server) postSetupAccount(c echo.Context, values url.Values) error {
	ctx := c.Request().Context()
	form := views.SetupForm{
		RegisterForm: views.RegisterForm{Username: values.Get("username"), Email: values.Get("email")},
		Token:        values.Get("token"), SiteName: values.Get("site_name"),
	}
	name := store.SiteChange{Name: &form.SiteName}
	user, err := s.register(c, values, s.setupAdmission(c, form.Token), name.Check())
	if err != nil {
		if s.repeats(c, form.RegisterForm, err) {
			return seeOther(c, "/setup")
		}
		return s.refuse(c, err, func(status int) error {
			form.Submission = registerSubmission(err)
			if isAdmission(err) {
				return s.showUnregistrable(c, err, form.RegisterForm)
			}
			return s.showSetup(c, status, form)
		})
	}
	if err := s.store.ChangeSite(ctx, user, name); err != nil {
		return err
	}
	s.siteChanged(ctx)
	return s.admit(c, user, "/setup")
}

// setupAdmission returns what the client of a request shows to become the owner. Without a token it is at best on this
// machine.
func (s *Server) setupAdmission(c echo.Context, token string) store.Admission {
	shown := s.admission(c)
	shown.Setup, shown.ToOwn = token, true
	return shown
}

func (s *Server) showSetup(c echo.Context, status int, form views.SetupForm) error {
	return respond(c, status, views.Setup(s.visitorPage(c), form), views.SetupFragment(form))
}

func (s *Server) getSetupSite(c echo.Context, viewer *store.Session) error {
	return s.showSetupSite(c, viewer, http.StatusOK, s.siteForm("/setup"))
}

func (s *Server) postSetupSite(c echo.Context, viewer *store.Session) error {
	return s.changeSite(c, viewer, s.siteForm("/setup"), func() error { return seeOther(c, "/") }, s.showSetupSite)
}

func (s *Server) showSetupSite(c echo.Context, viewer *store.Session, status int, form views.SiteForm) error {
	return respond(c, status, views.SetupSite(s.page(c, viewer), form), views.SiteFragment(form))
}
