package views

import "plaza/store"

// What mails say. Nothing in them is of somebody's own choice but a username, or they could be made
// to carry anything to anybody.

// ConfirmationMail asks the owner of an address whether it is to be an account's email.
func ConfirmationMail(change store.EmailChange, link string) store.Mail {
	subject, body := words.confirmationMail(change.Username, link)
	return store.Mail{To: change.Email, Subject: subject, Body: body}
}

// EmailChangedMail tells the address that an account had before that it has another one.
func EmailChangedMail(change store.EmailChange, before, origin string) store.Mail {
	subject, body := words.emailChangedMail(change.Username, origin)
	return store.Mail{To: before, Subject: subject, Body: body}
}
