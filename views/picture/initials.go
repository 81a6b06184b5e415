package picture

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// initials returns up to two initials for an account: the first letters of the first two words of its display name.
// If that has no letters, its first emoji is the initial. If it has none, the letters are those of the username.
// initials returns none if neither name has any. An initial is all that readers see as one letter, with its accents.
func initials(username, displayName string) []string {
	displayName = bounded(displayName)
	if letters := firstLetters(strings.Fields(displayName)); letters != nil {
		return letters
	}
	if emoji := first(displayName, func(r rune) bool { return unicode.Is(unicode.So, r) }); emoji != "" {
		return []string{emoji}
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
func firstLetters(words []string) []string {
	var letters []string
	for _, word := range words {
		letter := first(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		if letter == "" {
			continue
		}
		letters = append(letters, strings.ToTitle(letter))
		if len(letters) == 2 {
			break
		}
	}
	return letters
}

// first returns the first grapheme cluster of a text whose first rune is wanted, or "".
func first(text string, wanted func(rune) bool) string {
	for clusters := uniseg.NewGraphemes(text); clusters.Next(); {
		if wanted(clusters.Runes()[0]) {
			return clusters.Str()
		}
	}
	return ""
}
