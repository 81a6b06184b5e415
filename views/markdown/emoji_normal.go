package markdown

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed emoji.txt
var emojiTable string

// emojiLines returns a sorted line for each emoji, also with skin tones: without variation selectors, and then as browsers
// show it if that has any. Command emoji makes them.
var emojiLines = sync.OnceValue(func() []string { return strings.Split(strings.TrimSuffix(emojiTable, "\n"), "\n") })

// longestEmoji is the length in bytes of the longest emoji, and some more.
const longestEmoji = 80

// Emoji returns the normal form of a text that is one emoji, and whether it is one. Two texts that browsers show as the
// same emoji have the same normal form. An emoji of a future version of Unicode is one too, if it is a single character.
func Emoji(text string) (normal string, ok bool) {
	if text == "" || len(text) > longestEmoji || strings.ContainsAny(text, " \n") {
		return "", false
	}
	bare := strings.ReplaceAll(text, string(emojiStyle), "")
	lines := emojiLines()
	if i, _ := slices.BinarySearch(lines, bare); i < len(lines) {
		if line, shown, isSpelledOut := strings.Cut(lines[i], " "); line == bare {
			if isSpelledOut {
				bare = shown
			}
			return bare, true
		}
	}
	runes := []rune(bare)
	return bare, len(runes) == 1 && unicode.Is(pictures, runes[0]) && !isSkinTone(runes[0])
}

// isSkinTone tells whether a character is a skin tone, which is no emoji by itself.
func isSkinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }
