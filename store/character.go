package store

import (
	"slices"
	"strings"
	"unicode"
)

// blanks are the characters that show nothing although Unicode counts them as letters, marks or
// symbols: Braille, Egyptian, Khitan and musical blanks, and the place of an object that is not in the text.
var blanks = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2800, Hi: 0x2800, Stride: 1}, {Lo: 0xfffc, Hi: 0xfffc, Stride: 1}},
	R32: []unicode.Range32{
		{Lo: 0x13441, Hi: 0x13442, Stride: 1}, {Lo: 0x16fe4, Hi: 0x16fe4, Stride: 1}, {Lo: 0x1d159, Hi: 0x1d159, Stride: 1},
	},
}

// isInvisible tells whether a character shows nothing: a control, a filler, a joiner, a variation
// selector. White space is not invisible.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
		blanks)
}

// IsVisible tells whether readers see a character by itself.
func IsVisible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !isInvisible(r) }

// The invisible characters that some text needs.
const (
	textStyle   = '\ufe0e' // shows the symbol before it in black and white
	emojiStyle  = '\ufe0f' // shows the symbol before it in colour
	nonJoiner   = '\u200c' // keeps two letters from being written as one
	joiner      = '\u200d' // writes two letters, or two emoji, as one
	keycap      = '\u20e3' // draws a key around the digit before it
	digitsOfKey = "0123456789#*"
)

// joiningScripts are the scripts whose spelling needs joiners.
var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Bengali, unicode.Devanagari, unicode.Gujarati, unicode.Gurmukhi, unicode.Kannada,
	unicode.Khmer, unicode.Malayalam, unicode.Mandaic, unicode.Mongolian, unicode.Myanmar, unicode.Nko, unicode.Oriya,
	unicode.Sinhala, unicode.Syriac, unicode.Tamil, unicode.Telugu, unicode.Tibetan, unicode.Inherited,
}

// hasHidden tells whether a text has an invisible character that changes nothing in how the text
// around it looks, or one that turns the direction of text.
func hasHidden(text string) bool {
	runes := []rune(text)
	for i, r := range runes {
		if isInvisible(r) && !isNeeded(runes, i) {
			return true
		}
	}
	return false
}

// isNeeded tells whether the invisible character at i belongs to the characters beside it.
func isNeeded(text []rune, i int) bool {
	if i == 0 {
		return false
	}
	before, after := text[i-1], rune(0)
	if i+1 < len(text) {
		after = text[i+1]
	}
	switch text[i] {
	case textStyle, emojiStyle:
		return isEmoji(before) || strings.ContainsRune(digitsOfKey, before) && after == keycap
	case joiner:
		return (isEmoji(before) || before == emojiStyle) && isEmoji(after) || isJoining(before) && isJoining(after)
	case nonJoiner:
		return isJoining(before) && isJoining(after)
	}
	return false
}

// isEmoji tells whether a character is a symbol that may be an emoji. Unicode counts a few emoji as
// letters or punctuation.
func isEmoji(r rune) bool {
	return r > unicode.MaxASCII && (unicode.IsSymbol(r) || strings.ContainsRune("‼⁉〰ℹ", r)) && !isInvisible(r)
}

func isJoining(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && !isInvisible(r) && unicode.In(r, joiningScripts...)
}

// withoutRunes returns a text without the characters that drop selects.
func withoutRunes(text string, drop func(rune) bool) string {
	return string(slices.DeleteFunc([]rune(text), drop))
}
