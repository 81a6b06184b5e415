package jobs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"

	"github.com/wneessen/go-mail"

	"plaza/store"
)

// sendTimeout is how long a mail may take to be sent: less than the time for which its job is
// claimed.
const sendTimeout = store.JobLease / 2

// SMTP is a server that takes mail from the site.
type SMTP struct {
	address smtpAddress
	from    string
}

// NewSMTP makes a server of an address that CheckSMTP accepts, and of who the mail is from.
func NewSMTP(address, from string) (*SMTP, error) {
	parsed, err := parseSMTP(address)
	return &SMTP{parsed, from}, err
}

// Send sends a job's mail. What it says of a failure names no recipient, and repeats nothing that
// the server said.
func (s *SMTP) Send(ctx context.Context, job store.Job) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	message, err := s.message(job)
	if err != nil {
		return errors.New("its addresses are malformed")
	}
	client, err := mail.NewClient(s.address.host, s.options(ctx)...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() { // whatever the server did afterwards
		return nil
	}
	return withoutReply(err)
}

func (s *SMTP) message(job store.Job) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(message.From(s.from), message.To(job.Mail.To)); err != nil {
		return nil, err
	}
	// The same each time that it is sent, so that whoever gets it twice can tell. By default the
	// machine's name would be in it.
	from := message.GetFrom()[0].Address
	message.SetMessageIDWithValue(fmt.Sprintf("%d.%d%s", job.ID, job.MadeAt.UnixMilli(), from[strings.LastIndex(from, "@"):]))
	message.SetDateWithValue(job.MadeAt)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.Subject(job.Mail.Subject)
	message.SetBodyString(mail.TypeTextPlain, job.Mail.Body)
	return message, nil
}

// options has the client encrypt as the address says, and its connection closed once ctx ends.
func (s *SMTP) options(ctx context.Context) []mail.Option {
	config := &tls.Config{ServerName: s.address.host, MinVersion: tls.VersionTLS12}
	policy := mail.TLSMandatory
	if s.address.isLocal() {
		policy = mail.NoTLS
	}
	options := []mail.Option{
		mail.WithPort(s.address.port), mail.WithTimeout(sendTimeout), mail.WithTLSConfig(config), mail.WithTLSPolicy(policy),
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
		// Of which the last two give the password away, and so are only used where the connection
		// is encrypted, or does not leave the machine.
		options = append(options, mail.WithUsername(s.address.user), mail.WithPassword(s.address.password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return options
}

// withoutReply is what may be said of a failure: servers repeat addresses, and more.
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
