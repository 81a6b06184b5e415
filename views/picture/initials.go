package picture

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// initials returns up to two capital letters for an account: the first letters of the first
// two words of its display name. If that has no letters, it takes them from the username.
// It returns "" if neither has any.
func initials(username, displayName string) string {
	if letters := firstLetters(strings.Fields(bounded(displayName))); letters != "" {
		return letters
	}
	return firstLetters(strings.FieldsFunc(bounded(username), func(r rune) bool {
		return strings.ContainsRune("_-. ", r)
	}))
}

// bounded cuts names that are longer than the site allows. It also composes letters: an e
// and a combining accent become one letter.
func bounded(name string) string {
	const enough = 256
	if len(name) > enough {
		name = name[:enough]
	}
	return norm.NFC.String(strings.ToValidUTF8(name, ""))
}

// firstLetters returns the first letter or digit of each of the first two words that have one.
func firstLetters(words []string) string {
	var letters []rune
	for _, word := range words {
		start := strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		if start < 0 {
			continue
		}
		for _, r := range word[start:] {
			letters = append(letters, unicode.ToUpper(r))
			break
		}
		if len(letters) == 2 {
			break
		}
	}
	return string(letters)
}
