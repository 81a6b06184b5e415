package handlers

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// redirectNewGroup redirects from /dm/new, an older address of the form.
func redirectNewGroup(c echo.Context) error {
	return c.Redirect(http.StatusPermanentRedirect, "/groups/new")
}

// getNewGroup shows the form for a new message: to one friend, or to a new group.
func (s *Server) getNewGroup(c echo.Context, viewer *store.Session) error {
	return s.showNewGroup(c, viewer, http.StatusOK, views.GroupForm{Nonce: rand.Text(), Chosen: c.QueryParams()["people"]})
}

// postNewGroup makes a group. One friend without a name for a group is a conversation of two.
func (s *Server) postNewGroup(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := groupForm(values)
	if people := chosen(form); len(people) == 1 && strings.TrimSpace(form.Name) == "" {
		return seeOther(c, "/dm/"+url.PathEscape(people[0]))
	}
	ctx := c.Request().Context()
	err = s.limits.relating.Allow(ctx, accountKey(viewer))
	var room store.Room
	if err == nil {
		room, err = s.store.CreateGroupOnce(ctx, viewer.User, form.Nonce, form.Name, chosen(form))
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "name")
			return s.showNewGroup(c, viewer, status, form)
		})
	}
	return seeOther(c, views.RoomPath(room.ID))
}

func groupForm(values url.Values) views.GroupForm {
	return views.GroupForm{
		Nonce: cmp.Or(values.Get("nonce"), rand.Text()), Name: values.Get("name"),
		Chosen: values["people"], Others: values.Get("others"),
	}
}

// chosen returns the usernames in a form.
func chosen(form views.GroupForm) []string {
	return append(append([]string{}, form.Chosen...), strings.Fields(strings.ReplaceAll(form.Others, ",", " "))...)
}

func (s *Server) showNewGroup(c echo.Context, viewer *store.Session, status int, form views.GroupForm) error {
	var err error
	form.Friends, form.More, err = s.store.Friends(c.Request().Context(), viewer.User, "", friendsPage)
	if err != nil {
		return err
	}
	return render(c, status, views.NewGroup(s.page(c, viewer), form))
}
