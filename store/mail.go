package store

import (
	"context"

	"plaza/store/database"
)

// Mail is a mail to one person. It is the payload of a MailJob. Servers of other
// versions read its JSON, so its fields must keep their names and meanings.
type Mail struct {
	To      string `json:"to"` // an address
	Subject string `json:"subject"`
	Body    string `json:"body"`           // in plain text
	HTML    string `json:"html,omitempty"` // says the same; "" if the mail is only text
	// Unsubscribe is an address that ends mails of this sort, for mail programs that have a button for it; "" for none.
	Unsubscribe string `json:"unsubscribe,omitempty"`
	// Verifies tells that the mail asks the owner of the address to verify it. It goes to addresses that have
	// refused mail, too: somebody at the address may have mended it, and asks for the link.
	Verifies bool `json:"verifies,omitempty"`
}

// addMail sends a mail after the transaction is committed. The mail is deleted with the account
// userID.
func addMail(ctx context.Context, tx *database.Tx, userID int64, mail Mail) error {
	return addJob(ctx, tx, MailJob, userID, mail)
}
