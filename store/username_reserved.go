package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// officialWords are the names that look official. No account may have one, nor several of them with qualifiers and
// digits: Site Admin, plaza-team, admin1. Case, accents, spaces and punctuation make no difference.
const officialWords = `
	abuse admin admins administration administrator administrators bot bots guest guests helpdesk hostmaster
	mailer-daemon moderation moderator moderators mod mods no-reply official operator operators owner owners plaza
	postmaster root security staff superuser support sysadmin system sysop webmaster

	anonymous deleted deleted-account deleted-user unknown unknown-user`

// qualifiers are the words that make no other name of an official one.
const qualifiers = `account help our site team the user`

// reservedNames are the other names that no account may have: they address everybody, or an address of the site has
// them.
const reservedNames = `
	all channel everyone here team

	app apple-touch-icon.png blocks complete debug digest dm drafts favicon.ico files forgot friends groups healthz help invite invites
	login logout manifest messages metrics navigation new notifications offline oidc passkeys push register reports reset robots.txt rooms
	rules saved search settings setup static switch theme uploads viewer.css worker ws`

var official, qualifying, reserved = keysOf(officialWords), keysOf(qualifiers), keysOf(reservedNames)

func keysOf(names string) map[string]bool {
	keys := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		keys[reservedKey(name)] = true
	}
	return keys
}

// isReserved tells whether a username or a display name is reserved, or looks like one that is. A digit may look like a
// letter, or count an official name.
func isReserved(name string) bool {
	return reserved[reservedKey(name)] || isOfficial(reservedKey(name)) ||
		isOfficial(reservedKey(strings.TrimFunc(name, isNoLetter))) ||
		isOfficial(reservedKey(withoutRunes(name, unicode.IsNumber)))
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) }

// isOfficial tells whether a key consists of the keys of official words and of qualifiers, with at least one official
// word.
func isOfficial(key string) bool {
	// Whether the first i bytes consist of words, and whether one of them is official.
	words, hasOfficial := make([]bool, len(key)+1), make([]bool, len(key)+1)
	words[0] = true
	for end := range len(key) + 1 {
		for start := range end {
			word := key[start:end]
			if words[start] && (official[word] || qualifying[word]) {
				words[end] = true
				hasOfficial[end] = hasOfficial[end] || hasOfficial[start] || official[word]
			}
		}
	}
	return hasOfficial[len(key)]
}

// reservedKey returns the same text for names that look alike at a glance. A capital i looks like a
// small L, so both count as one letter.
func reservedKey(name string) string {
	look := withoutRunes(norm.NFKD.String(usernameLook(name)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ReplaceAll(look, "l", "i")
}
