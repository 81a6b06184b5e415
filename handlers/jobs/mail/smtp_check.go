package mail

import (
	"context"

	"github.com/wneessen/go-mail"
)

// Check opens a connection as Send does, with the password, and sends nothing. Its error repeats nothing that the server
// said.
func (s *SMTP) Check(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx) // closes the connection
	defer cancel()
	client, err := mail.NewClient(s.address.host, s.options(ctx)...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return withoutReply(err)
	}
	return client.Close()
}
