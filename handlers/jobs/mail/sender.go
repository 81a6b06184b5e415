package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"plaza/handlers/jobs"
	"plaza/store"
)

// Sender sends mail by an SMTP server, but not to addresses that have refused it for good. Servers that go on
// sending there are taken for those of spammers.
type Sender struct {
	smtp  *SMTP
	store *store.Store
}

// NewSender returns a sender. The store knows the addresses that have refused mail.
func NewSender(smtp *SMTP, s *store.Store) *Sender { return &Sender{smtp, s} }

// Send sends the mail that is the payload of a job. It is the jobs.Handler of store.MailJob. It drops a mail to an
// address that has refused mail, unless the mail verifies the address. Its errors are those of SMTP.Send.
func (s *Sender) Send(ctx context.Context, job store.Job) error {
	var letter store.Mail
	if json.Unmarshal([]byte(job.Payload), &letter) != nil {
		return jobs.Permanent(errMalformed)
	}
	refused, err := s.store.IsRefused(ctx, letter.To)
	if err != nil {
		return err
	}
	if refused && !letter.Verifies {
		return nil
	}
	err = s.smtp.Send(ctx, job)
	var address *addressRefused
	if !errors.As(err, &address) {
		return err
	}
	if noting := s.store.RefuseAddress(ctx, letter.To, address.status); noting != nil {
		return noting
	}
	return fmt.Errorf("%w: the address gets no more mail until it is verified again; plaza user list says whose it is", err)
}
