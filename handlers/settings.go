package handlers

import (
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

// savedSubmission is that of a form which is shown again once it was taken.
func savedSubmission(c echo.Context) views.Submission { return views.Submission{Saved: isSaved(c)} }
