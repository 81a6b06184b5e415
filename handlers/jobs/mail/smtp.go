// Package mail sends the mails of a site to an SMTP server.
package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"

	"github.com/wneessen/go-mail"

	"plaza/handlers/jobs"
	"plaza/store"
)

var errMalformed = errors.New("its payload is malformed")

// SMTP is a server that takes mail from the site.
type SMTP struct {
	address smtpAddress
	from    string
}

// NewSMTP returns a server by an address that CheckSMTP accepts. from is the sender of all mail.
func NewSMTP(address, from string) (*SMTP, error) {
	parsed, err := parseSMTP(address)
	return &SMTP{parsed, from}, err
}

// Send sends the mail that is the payload of a job. Its
// errors name no recipient and repeat nothing that the server said. They are permanent if the mail
// cannot be read, or if the server refuses its recipient or its content for good. A server that vanishes before
// it answers the content may have taken the mail: Send fails then, and the mail is sent twice. Otherwise it could
// be lost. Its Message-ID stays the same.
func (s *SMTP) Send(ctx context.Context, job store.Job) error {
	ctx, cancel := context.WithCancel(ctx) // closes the connection
	defer cancel()
	message, err := s.message(job)
	if err != nil {
		return jobs.Permanent(err)
	}
	client, err := mail.NewClient(s.address.host, s.options(ctx)...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() { // whatever the server did afterwards
		return nil
	}
	switch {
	case refusesAddress(err):
		return jobs.Permanent(&addressRefused{withoutReply(err), statusOf(err)})
	case isRefusal(err):
		return jobs.Permanent(withoutReply(err))
	}
	return withoutReply(err)
}

// message makes the message of a job. Its errors repeat nothing of the payload.
func (s *SMTP) message(job store.Job) (*mail.Msg, error) {
	var letter store.Mail
	if json.Unmarshal([]byte(job.Payload), &letter) != nil {
		return nil, errMalformed
	}
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if message.From(s.from) != nil || message.To(store.ASCIIDomain(letter.To)) != nil {
		return nil, errors.New("its addresses are malformed")
	}
	// The same at each attempt, so that a recipient who gets the mail twice can tell. By default it
	// would hold the name of the machine.
	from := message.GetFrom()[0].Address
	atDomain := from[strings.LastIndex(from, "@"):]
	message.SetMessageIDWithValue(fmt.Sprintf("%d.%d%s", job.ID, job.MadeAt.UnixMilli(), atDomain))
	message.SetDateWithValue(job.MadeAt)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	if letter.Unsubscribe != "" { // RFC 8058
		message.SetGenHeader(mail.HeaderListUnsubscribe, "<"+letter.Unsubscribe+">")
		message.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	message.Subject(letter.Subject)
	message.SetBodyString(mail.TypeTextPlain, letter.Body)
	if letter.HTML != "" {
		message.AddAlternativeString(mail.TypeTextHTML, letter.HTML) // the better alternative comes last
	}
	return message, nil
}

// options makes the client encrypt as the address says, and closes its connection once ctx ends.
func (s *SMTP) options(ctx context.Context) []mail.Option {
	config := &tls.Config{ServerName: s.address.host, MinVersion: tls.VersionTLS12}
	policy := mail.TLSMandatory
	if s.address.isLocal() {
		policy = mail.NoTLS
	}
	options := []mail.Option{
		mail.WithPort(s.address.port), mail.WithTimeout(store.MailJob.Policy().Timeout),
		mail.WithTLSConfig(config), mail.WithTLSPolicy(policy),
		mail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
			conn, err := s.address.dial(dialing, network, address, config)
			if err == nil {
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		}),
	}
	if s.address.encrypted {
		options = append(options, mail.WithSSL())
	}
	if s.address.user != "" {
		// PLAIN and LOGIN give the password away, so the client uses them only if the connection is
		// encrypted or stays on this machine.
		options = append(options, mail.WithUsername(s.address.user), mail.WithPassword(s.address.password),
			mail.WithOpportunisticSMTPAuth(
				mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return options
}

// addressRefused is the error for an address that its server refuses for good.
type addressRefused struct {
	error
	status int
}

// refusesAddress reports whether the server refuses all mail to the recipient for good. It does not if it refuses the
// site: for want of a password, or by a policy (RFC 3463 has 5.7 for that), such as one against relays. All addresses
// would be refused then.
func refusesAddress(err error) bool {
	var sending *mail.SendError
	if !errors.As(err, &sending) || sending.Reason != mail.ErrSMTPRcptTo || sending.ErrorCode() < 500 {
		return false
	}
	switch sending.ErrorCode() {
	case 503, 530, 535:
		return false
	}
	return !strings.HasPrefix(sending.EnhancedStatusCode(), "5.7.")
}

// statusOf returns the status of the server's answer.
func statusOf(err error) int {
	var sending *mail.SendError
	errors.As(err, &sending)
	return sending.ErrorCode()
}

// isRefusal reports whether the server refuses this mail for good. It does not if it refuses the
// site, by its password or its sender: the owner can change these while the mail waits.
func isRefusal(err error) bool {
	var sending *mail.SendError
	if !errors.As(err, &sending) || sending.ErrorCode() < 500 {
		return false
	}
	switch sending.Reason {
	case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose:
		return true
	}
	return false
}

// withoutReply returns what a log may hold of a failure. Replies of servers repeat addresses, and
// more.
func withoutReply(err error) error {
	var sending *mail.SendError
	var reply *textproto.Error
	switch {
	case errors.As(err, &sending) && sending.ErrorCode() != 0:
		return fmt.Errorf("%s: the server answers %d", sending.Reason, sending.ErrorCode())
	case errors.As(err, &sending):
		return fmt.Errorf("%s failed", sending.Reason)
	case errors.As(err, &reply):
		return fmt.Errorf("the server answers %d", reply.Code)
	}
	return err
}
