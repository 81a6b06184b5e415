package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSettings lists the settings of the viewer's account. Beside a list that leaves room, the page shows the first
// of them.
func (s *Server) getSettings(c echo.Context, viewer *store.Session) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Settings(page, profileForm(viewer.User)))
}

// settingsPage returns what all pages of settings show.
func (s *Server) settingsPage(c echo.Context, viewer *store.Session) (views.SettingsPage, error) {
	settings, err := s.store.SettingsOf(c.Request().Context(), viewer.User)
	return views.SettingsPage{Page: s.page(c, viewer), State: settings, Saved: s.takeSaved(c)}, err
}

// getDataSettings offers the export of the viewer's data.
func (s *Server) getDataSettings(c echo.Context, viewer *store.Session) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.DataSettings(page))
}

// getThemeSettings offers the themes. The form goes to postTheme.
func (s *Server) getThemeSettings(c echo.Context, viewer *store.Session) error {
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ThemeSettings(page))
}
