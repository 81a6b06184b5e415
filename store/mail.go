package store

import (
	"context"

	"plaza/store/database"
)

// Mail is a mail to one person, in plain text. It is the payload of a MailJob: servers of another
// version read its JSON, so a field keeps its name and its meaning.
type Mail struct {
	To      string `json:"to"` // an address
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// addMail sends a mail once the transaction is committed. userID is the account that the mail is
// about.
func addMail(ctx context.Context, tx *database.Tx, userID int64, mail Mail) error {
	return addJob(ctx, tx, MailJob, userID, mail)
}
