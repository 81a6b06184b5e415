package store

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/mtibben/confusables"
)

// modifiers are the letters of Unicode that look like apostrophes, accents and other punctuation.
// Beside a name they are easily overlooked.
var modifiers = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x01c3, Hi: 0x01c3, Stride: 1}, // a click that looks like !
		{Lo: 0x02b9, Hi: 0x02df, Stride: 1}, // spacing modifier letters
		{Lo: 0x02e5, Hi: 0x02ff, Stride: 1},
		{Lo: 0x0374, Hi: 0x0375, Stride: 1}, // Greek numeral signs
		{Lo: 0x07f4, Hi: 0x07f5, Stride: 1}, // N'Ko apostrophes
		{Lo: 0x07fa, Hi: 0x07fa, Stride: 1},
		{Lo: 0x2e2f, Hi: 0x2e2f, Stride: 1},
		{Lo: 0xa4f8, Hi: 0xa4fd, Stride: 1}, // tones of Lisu, which look like . and ,
		{Lo: 0xa700, Hi: 0xa721, Stride: 1}, // tones
		{Lo: 0xa788, Hi: 0xa78c, Stride: 1}, // the saltillo, and others
		{Lo: 0xa78f, Hi: 0xa78f, Stride: 1},
	},
}

// tatweel lengthens the line between two Arabic letters.
const tatweel = '\u0640'

// usernameLook returns the same text for usernames that look alike: the skeleton of the folded name
// in Unicode Technical Standard 39, section 4, without regard to case. It ignores what is easily
// overlooked, and the @ of a mention.
func usernameLook(name string) string {
	seen := withoutOverlooked(usernameKey(withoutOverlooked(name)))
	return strings.ToLower(confusables.Skeleton(cmp.Or(seen, usernameKey(name))))
}

// withoutOverlooked returns a name without invisible characters, apostrophes and the like. The
// Hebrew letter yod looks like an apostrophe. It counts as one unless another Hebrew letter is in the name.
func withoutOverlooked(name string) string {
	isHebrew := strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Hebrew, r) && !isApostrophe(r) })
	return strings.TrimSpace(withoutRunes(name, func(r rune) bool {
		return r == '@' || r == tatweel || isInvisible(r) || unicode.Is(modifiers, r) ||
			isApostrophe(r) && (!isHebrew || !unicode.Is(unicode.Hebrew, r))
	}))
}

// isApostrophe tells whether a character looks like one or more apostrophes.
func isApostrophe(r rune) bool { return strings.Trim(confusables.Skeleton(string(r)), "'") == "" }
