package views

import (
	"fmt"

	"plaza/store"
)

// What mails say. Nothing in them is of somebody's own choice but a username, or they could be made
// to carry anything to anybody.

// ConfirmationMail asks the owner of an address whether it is to be an account's email.
func ConfirmationMail(change store.EmailChange, link string) store.Mail {
	return store.Mail{To: change.Email, Subject: "Confirm your email", Body: fmt.Sprintf(`Hello %s,

this is to be the email of your account. If you want that, open this link, and press the
button there:

%s

The link works once, within a day. If you know nothing of this, you need do nothing: then
nothing changes.
`, change.Username, link)}
}

// EmailChangedMail tells the address that an account had before that it has another one.
func EmailChangedMail(change store.EmailChange, before, origin string) store.Mail {
	return store.Mail{To: before, Subject: "Your email was changed", Body: fmt.Sprintf(`Hello %s,

your account at %s has another email from now on, and this one is not used any more.

If that was you, all is well. If not, sign in with your username and change your password:

%s/settings/password
`, change.Username, origin, origin)}
}
