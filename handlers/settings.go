package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getSettings lists the settings of the viewer's account.
func (s *Server) getSettings(c echo.Context, viewer *store.Session) error {
	return render(c, http.StatusOK, views.Settings(s.page(c, viewer)))
}

// saved leads back to a form that was saved, and the form says so.
func saved(c echo.Context, path string) error { return seeOther(c, path+"?saved=1") }

func isSaved(c echo.Context) bool { return c.QueryParam("saved") != "" }

// savedSubmission returns the Submission of a form that saved leads back to.
func savedSubmission(c echo.Context) views.Submission { return views.Submission{Saved: isSaved(c)} }
