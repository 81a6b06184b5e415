package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// The minimum and maximum length of a username, in Unicode code points.
const (
	MinUsernameLength = 2
	MaxUsernameLength = 32
)

// checkUsername returns what is wrong with a username in NFC, or the empty string. It allows only
// letters, digits and a few marks, so usernames have no bidi controls, invisible characters or
// loose combining marks.
func checkUsername(name string) Code {
	length := utf8.RuneCountInString(name)
	if length < MinUsernameLength || length > MaxUsernameLength {
		return CodeUsernameLength
	}
	named := false
	for _, r := range name {
		switch {
		case isInvisible(r), unicode.Is(modifiers, r):
			return CodeUsernameCharacters
		case unicode.IsLetter(r), unicode.Is(unicode.Nd, r):
			named = true
		case strings.ContainsRune("_-.", r):
		default:
			return CodeUsernameCharacters
		}
	}
	switch {
	case !named:
		return CodeUsernameNoLetter
	case isReserved(name):
		return CodeUsernameReserved
	}
	return ""
}

// usernameKey returns the same text for usernames that differ only in case.
func usernameKey(name string) string {
	return cases.Fold().String(norm.NFKC.String(database.ValidText(name)))
}
