package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

func (s *Server) getProviderSettings(c echo.Context, viewer *store.Session) error {
	return s.showProviderSettings(c, viewer, http.StatusOK, views.ProviderSettingsForm{})
}

// postProviderSettings begins to link an account, and shows the link to the provider. It does not redirect: browsers
// let a form lead to this site alone.
func (s *Server) postProviderSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	var form views.ProviderSettingsForm
	user, err := s.askPassword(c, viewer, values.Get("password"))
	if err == nil {
		form.Address, err = s.beginProvider(c, user, securitySettings)
	}
	if err != nil {
		err = wrongPassword(err, "password")
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "password")
			return s.showProviderSettings(c, viewer, status, form)
		})
	}
	return s.showProviderSettings(c, viewer, http.StatusOK, form)
}

func (s *Server) showProviderSettings(c echo.Context, viewer *store.Session, status int, form views.ProviderSettingsForm) error {
	form.Username, form.Provider = viewer.User.Username, s.provider.Host()
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.ProviderSettings(page, form), views.ProviderSettingsFragment(form))
}

func (s *Server) getProviderRemove(c echo.Context, viewer *store.Session) error {
	return s.showProviderRemove(c, viewer, http.StatusOK, views.ProviderRemoveForm{})
}

func (s *Server) postProviderRemove(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	id, err := idIn(c.Param("id"))
	if err != nil {
		return err
	}
	user, err := s.askPassword(c, viewer, values.Get("password"))
	if err == nil {
		err = s.store.UnlinkIdentity(c.Request().Context(), user, id, s.securityLetter())
	}
	if err != nil {
		err = wrongPassword(err, "password")
		return s.refuse(c, err, func(status int) error {
			return s.showProviderRemove(c, viewer, status, views.ProviderRemoveForm{Submission: submission(err, "password")})
		})
	}
	s.toldSecurity(user)
	return s.saved(c, securitySettings)
}

// showProviderRemove shows the form that removes one of the viewer's identities: 404 for another's.
func (s *Server) showProviderRemove(c echo.Context, viewer *store.Session, status int, form views.ProviderRemoveForm) error {
	id, err := idIn(c.Param("id"))
	if err != nil {
		return err
	}
	identities, err := s.store.Identities(c.Request().Context(), viewer.User)
	if err != nil {
		return err
	}
	form.Username = viewer.User.Username
	for _, identity := range identities {
		if identity.ID == id {
			form.Identity = identity
		}
	}
	if form.Identity.ID == 0 {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return respond(c, status, views.ProviderRemove(page, form), views.ProviderRemoveFragment(form))
}
