package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// sendDigests adds mails about what users missed at once, and then once a minute until ctx ends.
func (s *Server) sendDigests(ctx context.Context) {
	send := func() {
		sent, err := s.store.SendDigests(ctx, s.digestMail)
		if err != nil {
			s.logTrouble(ctx, "send digests", err)
		}
		if sent > 0 {
			s.jobs.Wake(store.MailJob)
		}
	}
	send()
	live.Every(ctx, time.Minute, nil, send)
}

// digestMail writes a digest. Its links have the configured address.
func (s *Server) digestMail(d store.Digest, token string) store.Mail {
	return views.DigestMail(d, s.url.String(), "/digest/off?token="+url.QueryEscape(token))
}

// getDigestOff asks whether to end digests. It changes nothing, since programs that scan mail open links too.
func (s *Server) getDigestOff(c echo.Context) error {
	hideToken(c)
	token := c.QueryParam("token")
	user, err := s.store.UserByDigestLink(c.Request().Context(), token)
	if err != nil {
		return err
	}
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.DigestOff(s.page(c, viewer), user.Username, token))
}

// postDigestOff ends digests. It needs only the link. Mail programs post to the address of the link itself (RFC 8058),
// without cookies.
func (s *Server) postDigestOff(c echo.Context) error {
	hideToken(c)
	values, err := formValues(c)
	if err != nil {
		return err
	}
	if err := s.store.EndDigests(c.Request().Context(), cmp.Or(values.Get("token"), c.QueryParam("token"))); err != nil {
		return err
	}
	if values.Get("List-Unsubscribe") == "One-Click" {
		return c.NoContent(http.StatusOK) // the standard forbids a redirect
	}
	return seeOther(c, "/digest/ended")
}

func (s *Server) getDigestEnded(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.DigestEnded(s.page(c, viewer)))
}
