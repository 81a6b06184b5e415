package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// reservedNames are the names that no account may have, because they look official or because an
// address of the site has them. Case, accents, spaces and punctuation make no difference.
const reservedNames = `
	abuse admin admins administration administrator administrators all channel everyone helpdesk here hostmaster
	mailer-daemon moderation moderator moderators mod mods no-reply official plaza postmaster root
	security staff superuser support sysadmin system sysop team webmaster

	anonymous deleted deleted-account deleted-user unknown unknown-user

	app apple-touch-icon.png blocks complete digest dm drafts favicon.ico forgot friends groups healthz help invite invites login logout
	manifest messages navigation new notifications offline oidc passkeys push register reset robots.txt rooms rules saved search settings
	setup static switch theme viewer.css worker ws`

var reserved = func() map[string]bool {
	keys := map[string]bool{}
	for name := range strings.FieldsSeq(reservedNames) {
		keys[reservedKey(name)] = true
	}
	return keys
}()

// isReserved tells whether a username or a display name is reserved, or looks like one that is.
func isReserved(name string) bool { return reserved[reservedKey(name)] }

// reservedKey returns the same text for names that look alike at a glance. A capital i looks like a
// small L, so both count as one letter.
func reservedKey(name string) string {
	look := withoutRunes(norm.NFKD.String(usernameLook(name)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ReplaceAll(look, "l", "i")
}
