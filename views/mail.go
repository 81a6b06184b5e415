package views

import (
	"bytes"
	"context"
	"strings"

	"plaza/store"
)

// Mails contain no text that a user chose, except a username. Otherwise anyone could make the site send any
// text to any address.

// letterWords is what a letter says to anyone.
type letterWords struct {
	subject string
	before  string // the paragraph before the link
	button  string // the text of the link
	after   string // the paragraph after the link; "" for none
}

// letter is a mail to one person. The text and the HTML of the mail are both made of it, so that they say the
// same.
type letter struct {
	letterWords
	greeting string
	items    []string // between the first paragraph and the link
	link     string   // absolute
	footer   string
	end      string // before the link that ends mails of this sort
	endLink  string // absolute; "" for none
}

// ConfirmationMail asks the owner of an address to confirm it as an account's new email, or to verify it if the account
// has it already. The path leads to the page
// that confirms it, on the site with the origin, such as https://example.org.
func ConfirmationMail(change store.EmailChange, origin, path string) store.Mail {
	says := words.confirmationMail()
	if change.KeepsEmail() {
		says = words.verificationMail()
	}
	mail := mailTo(change.Email, change.Username, says, origin, path)
	mail.Verifies = true
	return mail
}

// EmailChangedMail tells the owner of the old address that the account has another email.
func EmailChangedMail(change store.EmailChange, origin string) store.Mail {
	return mailTo(change.Before, change.Username, words.emailChangedMail(), origin, "/settings/password")
}

// ResetMail has the link that sets a new password for an account. The path leads to the page that sets it.
func ResetMail(user store.User, origin, path string) store.Mail {
	return mailTo(user.Email, user.Username, words.resetMail(), origin, path)
}

// PasswordChangedMail tells the owner of an account that its password was changed by a link in a mail.
func PasswordChangedMail(user store.User, origin string) store.Mail {
	return mailTo(user.Email, user.Username, words.passwordChangedMail(), origin, "/forgot")
}

// SecurityMail tells a user of a change of how they sign in.
func SecurityMail(user store.User, kind store.NotificationKind, origin string) store.Mail {
	return mailTo(user.Email, user.Username, words.securityMail(kind), origin, "/settings/password")
}

// mailTo writes a letter to an address, for the account with a username.
func mailTo(address, username string, says letterWords, origin, path string) store.Mail {
	return letter{letterWords: says, greeting: words.greeting(unlinked(username)), link: origin + path, footer: words.mailFooter(origin)}.to(address)
}

// DigestMail tells a user what the user missed. The path leads to the page that ends digests.
func DigestMail(d store.Digest, origin, endPath string) store.Mail {
	l := letter{
		letterWords: words.digestMail(), greeting: words.greeting(unlinked(d.User.Username)), link: origin + "/notifications",
		footer: words.mailFooter(origin), end: words.digestEnd(), endLink: origin + endPath,
	}
	for _, item := range d.Items {
		l.items = append(l.items, words.missed(item, unlinked(item.By)))
	}
	if d.More > 0 {
		l.items = append(l.items, words.moreMissed(d.More))
	}
	mail := l.to(d.User.Email)
	mail.Unsubscribe = l.endLink
	return mail
}

// to returns the letter as a mail to an address.
func (l letter) to(address string) store.Mail {
	var html bytes.Buffer
	if letterPage(l).Render(context.Background(), &html) != nil {
		html.Reset() // the text says the same
	}
	return store.Mail{To: address, Subject: l.subject, Body: l.text(), HTML: html.String()}
}

// text returns the letter as plain text.
func (l letter) text() string {
	var text strings.Builder
	var list string
	if len(l.items) > 0 {
		list = "* " + strings.Join(l.items, "\n* ")
	}
	footer := "-- \n" + l.footer
	if l.endLink != "" {
		footer += "\n" + l.end + "\n" + l.endLink
	}
	for _, paragraph := range []string{l.greeting, l.before, list, l.link, l.after, footer} {
		if paragraph != "" {
			text.WriteString(wrapped(paragraph) + "\n\n")
		}
	}
	return strings.TrimRight(text.String(), "\n") + "\n"
}

// textWidth is how many characters a line of plain text has, unless one of its words is longer.
const textWidth = 76

// wrapped breaks the lines of a paragraph between words. Many mail programs do not.
func wrapped(paragraph string) string {
	var lines []string
	for line := range strings.Lines(paragraph) {
		line = strings.TrimSuffix(line, "\n")
		for len(line) > textWidth {
			at := strings.LastIndexByte(line[:textWidth+1], ' ')
			if at <= 0 {
				at = strings.IndexByte(line, ' ')
			}
			if at <= 0 {
				break
			}
			lines, line = append(lines, line[:at]), line[at+1:]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// unlinked returns a username as a mail has it. Mail programs make links of text such as www.example.org,
// which is a username too, but not of text with spaces in it.
func unlinked(username string) string { return strings.ReplaceAll(username, ".", ". ") }
