package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mtibben/confusables"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// The shortest and the longest username, in Unicode code points.
const (
	MinUsernameLength = 2
	MaxUsernameLength = 32
)

// checkUsername returns what is wrong with a username in NFC; "" where nothing is. Letters and digits only, so no bidi controls, no invisible
// characters and no loose combining marks get in.
func checkUsername(name string) Code {
	length := utf8.RuneCountInString(name)
	if length < MinUsernameLength || length > MaxUsernameLength {
		return CodeUsernameLength
	}
	named := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r), unicode.Is(unicode.Nd, r):
			named = true
		case strings.ContainsRune("_-.", r):
		default:
			return CodeUsernameCharacters
		}
	}
	if !named {
		return CodeUsernameNoLetter
	}
	return ""
}

// usernameKey returns what two usernames that differ only in case have in common.
func usernameKey(name string) string {
	return cases.Fold().String(norm.NFKC.String(database.ValidText(name)))
}

// usernameLook returns what two usernames that look alike have in common: the skeleton
// of Unicode Technical Standard 39, section 4, of the folded name, without regard to case.
func usernameLook(name string) string {
	return strings.ToLower(confusables.Skeleton(usernameKey(name)))
}
