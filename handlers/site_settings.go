package handlers

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// siteSettings keeps what the owner has chosen for the site, since each page shows some of it. Each server reads it
// again once it has changed.
type siteSettings struct {
	store    *store.Store
	override store.Registration // "" if the site's own setting counts
	reading  sync.Mutex         // held from reading the store to current, so that an older state does not replace a newer one
	current  atomic.Pointer[store.Site]
}

// read reads the settings from the store.
func (s *siteSettings) read(ctx context.Context) error {
	s.reading.Lock()
	defer s.reading.Unlock()
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	if s.override != "" {
		site.Registration = s.override
	}
	s.current.Store(&site)
	return nil
}

// isRead tells whether the settings have been read.
func (s *siteSettings) isRead() bool { return s.current.Load() != nil }

// get returns the settings. If they could not be read yet, it returns those of a new site: the page of a fault needs
// some too.
func (s *siteSettings) get() store.Site {
	if site := s.current.Load(); site != nil {
		return *site
	}
	return store.Site{Registration: s.override}
}

// readSettings reads the settings of the site before the first request is answered.
func (s *Server) readSettings(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.site.isRead() {
			if err := s.site.read(c.Request().Context()); err != nil {
				s.logTrouble(c.Request().Context(), "read the site's settings", err)
			}
		}
		return next(c)
	}
}

// owners makes a handler for owners alone. For other members there is nothing at the address.
func (s *Server) owners(handle memberHandler) echo.HandlerFunc {
	return s.members(func(c echo.Context, viewer *store.Session) error {
		if viewer.User.Role != store.Owner {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		return handle(c, viewer)
	})
}

func (s *Server) getSite(c echo.Context, viewer *store.Session) error {
	return s.showSite(c, viewer, http.StatusOK, s.siteForm(siteSettingsPath))
}

func (s *Server) postSite(c echo.Context, viewer *store.Session) error {
	return s.changeSite(c, viewer, s.siteForm(siteSettingsPath), func() error { return s.saved(c, siteSettingsPath) }, s.showSite)
}

// siteSettingsPath is the path of the site's settings.
const siteSettingsPath = "/admin/site"

// siteForm returns the form with the settings of the site.
func (s *Server) siteForm(path string) views.SiteForm {
	return views.SiteForm{Site: s.site.get(), Overridden: s.site.override != "", Path: path}
}

// changeSite stores what a form chooses. A field that is absent stays as it is.
func (s *Server) changeSite(
	c echo.Context, viewer *store.Session, form views.SiteForm, done func() error,
	show func(c echo.Context, viewer *store.Session, status int, form views.SiteForm) error,
) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	change := siteChange(values, &form.Site)
	ctx := c.Request().Context()
	err = s.limits.changing.Allow(ctx, accountKey(viewer))
	if err == nil {
		err = s.store.ChangeSite(ctx, viewer.User, change)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return show(c, viewer, status, form)
		})
	}
	s.siteChanged(ctx)
	return done()
}

// siteChanged shows a change of the site's settings here at once, and tells the other servers.
func (s *Server) siteChanged(ctx context.Context) {
	s.bus.Events()
	if err := s.site.read(ctx); err != nil { // watchSiteEvents reads it again
		s.logTrouble(ctx, "read the site's settings", err)
	}
}

// siteChange returns the change that a form asks for, and makes it in site, which the form shows again.
func siteChange(values url.Values, site *store.Site) (change store.SiteChange) {
	if values.Has("site_name") {
		site.Name = values.Get("site_name")
		change.Name = &site.Name
	}
	if values.Has("registration") {
		site.Registration = store.Registration(values.Get("registration"))
		change.Registration = &site.Registration
	}
	if values.Has("invites_by") {
		site.InvitesBy = store.InvitesBy(values.Get("invites_by"))
		change.InvitesBy = &site.InvitesBy
	}
	return change
}

func (s *Server) showSite(c echo.Context, viewer *store.Session, status int, form views.SiteForm) error {
	page := s.page(c, viewer)
	return respond(c, status, views.SiteSettings(page, form, s.takeSaved(c)), views.SiteFragment(form))
}
