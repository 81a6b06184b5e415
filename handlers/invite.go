package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/store"
	"plaza/views"
)

// getInvite shows the form for a new account to people who open the link of an invitation. It uses nothing up: programs
// that look at links in messages open it too.
func (s *Server) getInvite(c echo.Context) error {
	return s.accountPage(c, func() error {
		ctx, shown := c.Request().Context(), s.admission(c)
		shown.Invite = c.Param("code")
		if err := s.store.CheckAdmission(ctx, shown); err != nil {
			return s.showUnregistrable(c, err, views.RegisterForm{})
		}
		form := views.RegisterForm{}
		invite, err := s.store.InviteByCode(ctx, shown.Invite)
		switch store.KindOf(err) {
		case store.NotFound: // the site is open to everyone
		default:
			if err != nil {
				return err
			}
			form.Invite, form.Host = invite.Code, invite.Maker.Name()
		}
		return s.showRegister(c, http.StatusOK, form)
	})
}

// The paths of the pages of invitations: the viewer's own, and for owners those of all.
const (
	ownInvites = "/invites"
	allInvites = "/admin/invites"
)

// inviting makes a handler for users who may invite people. For others there is nothing at the address.
func (s *Server) inviting(handle memberHandler) echo.HandlerFunc {
	return s.members(func(c echo.Context, viewer *store.Session) error {
		if !s.site.get().MayInvite(viewer.User) {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		return handle(c, viewer)
	})
}

func (s *Server) getInvites(c echo.Context, viewer *store.Session) error {
	return s.showInvites(c, viewer, http.StatusOK, views.NewInviteForm())
}

func (s *Server) postInvite(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.InviteForm{Note: values.Get("note"), Uses: values.Get("uses"), Expires: values.Get("expires")}
	lifetime, wrongLifetime := lifetimeIn(form.Expires)
	uses, wrongUses := usesIn(form.Uses)
	ctx := c.Request().Context()
	err = store.JoinInvalid(wrongUses, wrongLifetime)
	if err == nil {
		err = s.limits.changing.Allow(ctx, accountKey(viewer))
	}
	if err == nil {
		_, err = s.store.CreateInvite(ctx, viewer.User, store.NewInvite{Note: form.Note, Uses: uses, Lifetime: lifetime})
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, "")
			return s.showInvites(c, viewer, status, form)
		})
	}
	return s.saved(c, c.Path())
}

// usesIn parses how many people may come by an invitation: one, if nothing is said.
func usesIn(value string) (int, error) {
	if value == "" {
		return 1, nil
	}
	uses, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil {
		return 0, store.InvalidField("uses", store.CodeInviteUses)
	}
	return uses, nil
}

// lifetimeIn parses a duration as Go writes it, or in days: 7d. The empty string is no limit.
func lifetimeIn(value string) (time.Duration, error) {
	if value == "" {
		return 0, nil
	}
	wrong := store.InvalidField("expires", store.CodeInviteLifetime)
	if number, ok := strings.CutSuffix(value, "d"); ok {
		days, err := strconv.ParseUint(number, 10, 16)
		if err != nil || days == 0 {
			return 0, wrong
		}
		return time.Duration(days) * 24 * time.Hour, nil //nolint:gosec // at most 65,535
	}
	lifetime, err := time.ParseDuration(value)
	if err != nil || lifetime == 0 {
		return 0, wrong
	}
	return lifetime, nil
}

func (s *Server) postRevokeInvite(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.limits.changing.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	if err := s.store.RevokeInvite(ctx, viewer.User, values.Get("code")); err != nil {
		return err
	}
	return s.saved(c, strings.TrimSuffix(c.Path(), "/revoke"))
}

// showInvites shows the invitations of the page with the request's path.
func (s *Server) showInvites(c echo.Context, viewer *store.Session, status int, form views.InviteForm) error {
	ctx := c.Request().Context()
	list := views.InviteList{Path: c.Path(), Saved: s.takeSaved(c)}
	var err error
	if list.OfAll = list.Path == allInvites; list.OfAll {
		list.Invites, err = s.store.Invites(ctx)
	} else {
		list.Invites, err = s.store.InvitesOf(ctx, viewer.User)
	}
	if err != nil {
		return err
	}
	form.Path = list.Path
	return respond(c, status, views.Invites(s.page(c, viewer), form, list), views.InviteFragment(form))
}
