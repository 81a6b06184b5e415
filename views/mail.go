package views

import (
	"strings"

	"plaza/store"
)

// Mails contain no text that a user chose, except a username. Otherwise anyone could make the site send any
// text to any address.

// ConfirmationMail asks the owner of an address to confirm it as an account's email. The link is absolute.
func ConfirmationMail(change store.EmailChange, link string) store.Mail {
	subject, body := words.confirmationMail(unlinked(change.Username), link)
	return store.Mail{To: change.Email, Subject: subject, Body: body}
}

// EmailChangedMail tells the owner of the old address that the account has another email. The origin is the
// site's, such as https://example.org.
func EmailChangedMail(change store.EmailChange, origin string) store.Mail {
	subject, body := words.emailChangedMail(unlinked(change.Username), origin)
	return store.Mail{To: change.Before, Subject: subject, Body: body}
}

// ResetMail has the link that sets a new password for an account. The link is absolute.
func ResetMail(user store.User, link string) store.Mail {
	subject, body := words.resetMail(unlinked(user.Username), link)
	return store.Mail{To: user.Email, Subject: subject, Body: body}
}

// PasswordChangedMail tells the owner of an account that its password was changed by a link in a mail.
func PasswordChangedMail(user store.User, origin string) store.Mail {
	subject, body := words.passwordChangedMail(unlinked(user.Username), origin)
	return store.Mail{To: user.Email, Subject: subject, Body: body}
}

// unlinked returns a username as a mail has it. Mail programs make links of text such as www.example.org,
// which is a username too, but not of text with spaces in it.
func unlinked(username string) string { return strings.ReplaceAll(username, ".", ". ") }
