package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plaza/handlers/limit"
	"plaza/store"
	"plaza/views"
)

func (s *Server) getEmailSettings(c echo.Context, viewer *store.Session) error {
	user := viewer.User
	return s.showEmailSettings(c, viewer, http.StatusOK, views.EmailForm{
		Email: user.Email, Hidden: user.EmailHidden,
	})
}

// postEmailSettings asks for the password if the email changes, since the owner of an email can reset the
// password. Hiding the email needs no password. If the site can send mail, the new email takes effect
// after its owner has opened the link that is sent to it.
func (s *Server) postEmailSettings(c echo.Context, viewer *store.Session) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	form := views.EmailForm{Email: strings.TrimSpace(values.Get("email")), Hidden: values.Has("email_hidden")}
	refused := func(err error, field string) error {
		return s.refuse(c, err, func(status int) error {
			form.Submission = submission(err, field)
			return s.showEmailSettings(c, viewer, status, form)
		})
	}
	ctx := c.Request().Context()
	if form.Email == viewer.User.Email {
		err := s.limits.changing.Allow(ctx, accountKey(viewer))
		if err == nil {
			err = s.store.HideEmail(ctx, viewer.User, form.Hidden)
		}
		if err != nil {
			return refused(err, "email")
		}
		return s.saved(c, "/settings/email")
	}
	user, err := s.askPassword(c, viewer, values.Get("password"))
	err = store.JoinInvalid(wrongPassword(err, "password"), s.store.CheckEmail(ctx, viewer.User, form.Email))
	if err != nil {
		return refused(err, "password")
	}
	if !s.sendsMail() {
		if err := s.store.ChangeEmail(ctx, user, form.Email, form.Hidden); err != nil {
			return refused(wrongPassword(err, "password"), "email")
		}
		s.inboxChanged(viewer.User.ID)
		return s.saved(c, "/settings/email")
	}
	if err := s.allowConfirmation(ctx, viewer, form.Email); err != nil {
		return refused(err, "email")
	}
	if err := s.store.AskEmailChange(ctx, user, form.Email, form.Hidden, s.confirmationMail); err != nil {
		return refused(wrongPassword(err, "password"), "email")
	}
	s.jobs.Wake(store.MailJob)
	return seeOther(c, "/settings/email")
}

func (s *Server) showEmailSettings(c echo.Context, viewer *store.Session, status int, form views.EmailForm) error {
	form.Username = viewer.User.Username
	page, err := s.settingsPage(c, viewer)
	if err != nil {
		return err
	}
	var waiting views.WaitingEmail
	if s.sendsMail() {
		if waiting, err = s.waitingEmail(c, viewer, page.State); err != nil {
			return err
		}
	}
	return respond(c, status, views.EmailSettings(page, form, waiting), views.EmailSettingsFragment(form))
}

// waitingEmail returns what the page says about mail to the viewer.
func (s *Server) waitingEmail(c echo.Context, viewer *store.Session, state store.Settings) (views.WaitingEmail, error) {
	ctx := c.Request().Context()
	email, err := s.store.WaitingEmail(ctx, viewer.User)
	waiting := views.WaitingEmail{
		Email: email, Own: email == viewer.User.Email, Again: c.QueryParam("again") != "", Refused: state.EmailRefused,
		Unasked: !state.EmailVerified,
	}
	if err == nil && email != "" {
		waiting.Refused, err = s.store.IsRefused(ctx, email)
	}
	return waiting, err
}

// postEmailAgain sends another link to an email that is not confirmed, or a link to the viewer's own email if it is not
// verified.
func (s *Server) postEmailAgain(c echo.Context, viewer *store.Session) error {
	ctx := c.Request().Context()
	email, err := s.store.WaitingEmail(ctx, viewer.User)
	if err != nil {
		return err
	}
	if err := s.allowConfirmation(ctx, viewer, cmp.Or(email, viewer.User.Email)); err != nil {
		return err
	}
	if err := s.store.SendEmailLink(ctx, viewer.User, s.confirmationMail); err != nil {
		return err
	}
	s.jobs.Wake(store.MailJob)
	return seeOther(c, "/settings/email?again=1")
}

// postEmailCancel drops the change of email, so that the viewer keeps the current one.
func (s *Server) postEmailCancel(c echo.Context, viewer *store.Session) error {
	if err := s.store.DropEmailChange(c.Request().Context(), viewer.User); err != nil {
		return err
	}
	return s.saved(c, "/settings/email")
}

// allowConfirmation returns a *limit.TooMany error if the viewer has asked for too many mails, or if an
// email has got too many, no matter who asked for them.
func (s *Server) allowConfirmation(ctx context.Context, viewer *store.Session, email string) error {
	if err := s.limits.mailing.Allow(ctx, accountKey(viewer)); err != nil {
		return err
	}
	return s.limits.confirming.Allow(ctx, store.MailboxKey(email))
}

// sendFirstLink sends the link that verifies the email of a new account, unless its mailbox has got many. The account
// is made all the same: its owner can ask for the link later.
func (s *Server) sendFirstLink(ctx context.Context, user store.User) {
	tooMany := &limit.TooMany{}
	err := s.limits.confirming.Allow(ctx, store.MailboxKey(user.Email))
	if err == nil {
		err = s.store.SendEmailLink(ctx, user, s.confirmationMail)
	}
	switch {
	case err == nil:
		s.jobs.Wake(store.MailJob)
	case !errors.As(err, &tooMany):
		s.logTrouble(ctx, "send a link to a new account", err)
	}
}

// noteUnverified reminds a user who signs in that the email is not verified. Accounts from before the site could
// send mail are asked for it that way.
func (s *Server) noteUnverified(ctx context.Context, user store.User) {
	noted, err := s.store.NoteUnverified(ctx, user)
	if err != nil {
		s.logTrouble(ctx, "remind a user to verify an email", err)
	}
	if noted {
		s.inboxChanged(user.ID)
	}
}

// confirmationMail writes the mail with the link that confirms an email. The link has the configured
// address, since the Host header of a request is what a stranger likes.
func (s *Server) confirmationMail(change store.EmailChange, token string) store.Mail {
	return views.ConfirmationMail(change, s.url.String(), "/settings/email/confirm?token="+url.QueryEscape(token))
}

// getEmailConfirm asks the person who opens the link whether to confirm the email. Any browser will do.
// It changes nothing, since programs that scan mail for dangers open links too.
func (s *Server) getEmailConfirm(c echo.Context) error {
	hideToken(c)
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	token := c.QueryParam("token")
	change, err := s.store.EmailChangeByToken(c.Request().Context(), token)
	if err != nil {
		return err
	}
	if change.IsDone() {
		return seeOther(c, "/settings/email/confirmed")
	}
	return render(c, http.StatusOK, views.ConfirmEmail(s.page(c, viewer), change, token))
}

func (s *Server) postEmailConfirm(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx, token := c.Request().Context(), values.Get("token")
	change, err := s.store.EmailChangeByToken(ctx, token)
	if err != nil {
		return err
	}
	if change.IsDone() { // by an earlier click
		return seeOther(c, "/settings/email/confirmed")
	}
	notify := s.emailChangedMail
	tooMany := &limit.TooMany{}
	if err := s.limits.notifying.Allow(ctx, store.MailboxKey(change.Before)); errors.As(err, &tooMany) {
		notify = nil // the change counts all the same
	} else if err != nil {
		return err
	}
	person, err := s.store.ConfirmEmail(ctx, token, notify)
	if err != nil {
		return err
	}
	s.inboxChanged(person)
	s.jobs.Wake(store.MailJob)
	return seeOther(c, "/settings/email/confirmed")
}

// emailChangedMail writes the mail that tells the former address of a change.
func (s *Server) emailChangedMail(change store.EmailChange) store.Mail {
	return views.EmailChangedMail(change, s.url.String())
}

func (s *Server) getEmailConfirmed(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.EmailConfirmed(s.page(c, viewer)))
}
