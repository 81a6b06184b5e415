package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"plaza/handlers/jobs"
	"plaza/handlers/limit"
	"plaza/store"
	"plaza/views"
)

func (s *Server) getForgot(c echo.Context) error {
	return s.showForgot(c, http.StatusOK, views.ForgotForm{})
}

func (s *Server) showForgot(c echo.Context, status int, form views.ForgotForm) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return respond(c, status, views.Forgot(s.page(c, viewer), form), views.ForgotFragment(form))
}

// postForgot asks for a mail with a link. The answer, and the time it takes, is the same for all logins: the
// request only adds a job, and sendReset looks for the account later. Only too many requests from one address
// get another answer.
func (s *Server) postForgot(c echo.Context) error {
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = s.limits.forgetting.AllowAddress(ctx, c.RealIP())
	if err == nil {
		err = s.store.RequestReset(ctx, values.Get("login"))
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			return s.showForgot(c, status, views.ForgotForm{Submission: submission(err, "")})
		})
	}
	s.jobs.Wake(store.ResetJob)
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, views.ForgotSent(s.page(c, viewer)), views.ForgotSentFragment())
}

// sendReset sends the link that somebody has asked for, if there is an account to send it to and its mailbox has
// not got many. It is the jobs.Handler of store.ResetJob. If it runs twice, the second link replaces the first.
func (s *Server) sendReset(ctx context.Context, job store.Job) error {
	var asked store.ResetRequest
	if json.Unmarshal([]byte(job.Payload), &asked) != nil {
		return jobs.Permanent(errors.New("its payload is malformed"))
	}
	user, err := s.store.ResetRecipient(ctx, asked.Login)
	if err == nil {
		err = s.limits.resetting.Allow(ctx, userKey(user.ID))
	}
	if err == nil {
		err = s.limits.recovering.Allow(ctx, store.MailboxKey(user.Email))
	}
	if err == nil {
		err = s.store.AskReset(ctx, user, s.resetMail)
	}
	if tooMany := (*limit.TooMany)(nil); errors.As(err, &tooMany) || store.KindOf(err) == store.NotFound {
		return nil
	}
	if err == nil {
		s.jobs.Wake(store.MailJob)
	}
	return err
}

// resetMail writes the mail with the link that sets a new password. The link has the configured address.
func (s *Server) resetMail(user store.User, token string) store.Mail {
	return views.ResetMail(user, s.url.String(), "/reset?token="+url.QueryEscape(token))
}

// getReset shows the form for a new password. It changes nothing and does not use the link up, since programs
// that scan mail for dangers open links too.
func (s *Server) getReset(c echo.Context) error {
	hideToken(c)
	token := c.QueryParam("token")
	user, err := s.store.UserByReset(c.Request().Context(), token)
	if err != nil {
		return s.uselessReset(c, err)
	}
	return s.showReset(c, http.StatusOK, views.ResetForm{Username: user.Username, Token: token})
}

// postReset sets the password and ends all sessions of the account. It signs nobody in: the sign-in page asks
// for what else the account demands.
func (s *Server) postReset(c echo.Context) error {
	hideToken(c)
	values, err := formValues(c)
	if err != nil {
		return err
	}
	ctx, token, password := c.Request().Context(), values.Get("token"), values.Get("password")
	err = s.limits.signingIn.AllowAddress(ctx, c.RealIP())
	if err != nil {
		return err
	}
	user, err := s.store.UserByReset(ctx, token)
	if err != nil {
		return s.uselessReset(c, err)
	}
	err = store.JoinInvalid(store.CheckPassword(user, password), checkConfirmed(values))
	if err == nil {
		user, err = s.useReset(ctx, user, token, password)
	}
	if store.KindOf(err) == store.NotFound {
		return s.uselessReset(c, err)
	}
	if err != nil {
		return s.refuse(c, err, func(status int) error {
			return s.showReset(c, status, views.ResetForm{Username: user.Username, Token: token, Submission: submission(err, "")})
		})
	}
	s.inboxChanged(user.ID)
	s.bus.Events()
	s.jobs.Wake(store.MailJob)
	return seeOther(c, "/login?reset=1")
}

// useReset sets the password. It tells the owner by mail, unless the mailbox has got many such mails.
func (s *Server) useReset(ctx context.Context, user store.User, token, password string) (store.User, error) {
	notify := s.passwordChangedMail
	tooMany := &limit.TooMany{}
	if err := s.limits.notifying.Allow(ctx, store.MailboxKey(user.Email)); errors.As(err, &tooMany) {
		notify = nil
	} else if err != nil {
		return user, err
	}
	_, err := s.store.UseReset(ctx, token, password, notify)
	return user, err
}

func (s *Server) passwordChangedMail(user store.User) store.Mail {
	return views.PasswordChangedMail(user, s.url.String())
}

func (s *Server) showReset(c echo.Context, status int, form views.ResetForm) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	return respond(c, status, views.Reset(s.page(c, viewer), form), views.ResetFragment(form))
}

// uselessReset answers a link that does not work with a page that leads to another one. It returns all other
// errors.
func (s *Server) uselessReset(c echo.Context, err error) error {
	if store.KindOf(err) != store.NotFound {
		return err
	}
	viewer, failed := s.viewer(c)
	if failed != nil {
		return failed
	}
	says := problemOf(err).Message
	return respond(c, http.StatusNotFound, views.ResetUseless(s.page(c, viewer), says), views.ResetUselessFragment(says))
}
