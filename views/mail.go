package views

import "plaza/store"

// Mails contain no text that a user chose, except a username. Otherwise anyone could make the site send any
// text to any address.

// ConfirmationMail asks the owner of an address to confirm it as an account's email. The link is absolute.
func ConfirmationMail(change store.EmailChange, link string) store.Mail {
	subject, body := words.confirmationMail(change.Username, link)
	return store.Mail{To: change.Email, Subject: subject, Body: body}
}

// EmailChangedMail tells the owner of the old address, before, that the account has another email. The origin
// is the site's, such as https://example.org.
func EmailChangedMail(change store.EmailChange, before, origin string) store.Mail {
	subject, body := words.emailChangedMail(change.Username, origin)
	return store.Mail{To: before, Subject: subject, Body: body}
}
