package store

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// maxEmailLength is the maximum length of an address that mail can be sent to, in bytes (RFC 5321,
// with erratum 1690 to RFC 3696).
const maxEmailLength = 254

// checkEmail returns what is wrong with an email, or the empty string. Two emails that look alike would be two accounts,
// so there is nothing invisible in one.
func checkEmail(email string) Code {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmailLength || hasHidden(email) {
		return CodeEmailMalformed
	}
	return ""
}

// hostNames maps the name of a host to the ASCII that DNS has for it. Names of mail servers may have
// an underscore.
var hostNames = idna.New(idna.MapForLookup(), idna.StrictDomainName(false))

// ASCIIDomain returns an email with its domain as DNS and mail servers know it: bücher.example is
// xn--bcher-kva.example there.
func ASCIIDomain(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return email
	}
	domain, err := hostNames.ToASCII(email[at+1:])
	if err != nil {
		return email
	}
	return email[:at+1] + domain
}

// emailKey returns the same text for addresses that differ only in case, or in how their domain is written.
func emailKey(email string) string {
	return strings.ToLower(norm.NFC.String(ASCIIDomain(database.ValidText(email))))
}

// MailboxKey returns the same text for addresses whose mail comes to one mailbox: ada@example.org and
// ada+plaza@example.org.
func MailboxKey(email string) string {
	key := emailKey(email)
	at := strings.LastIndexByte(key, '@')
	if plus := strings.IndexByte(key, '+'); plus > 0 && plus < at {
		return key[:plus] + key[at:]
	}
	return key
}
