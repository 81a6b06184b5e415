package markdown

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/text"

	"plaza/store"
)

// unspaced are the scripts whose words have no spaces between them, or whose words take endings
// of names and numbers in other scripts (Korean).
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, eastAsian,
}

// eastAsian has the blocks of kana, and of the symbols beside them. Several scripts share some of their letters and
// marks (ー, 〆, ﾞ), so Unicode counts those to none.
var eastAsian = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3000, Hi: 0x30ff, Stride: 1}, {Lo: 0xff61, Hi: 0xff9f, Stride: 1}}}

// joins tells whether r is part of the word that it stands beside, as in ada@example.org. A character of
// an unspaced script is not: 你好@ada mentions ada.
func joins(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Nd) && !unicode.In(r, unspaced...)
}

// endsInWord tells whether a text ends in a word that goes on behind it. A mark belongs to the character that it
// stands on: ❤ and か take some, and are no such words. A mark that encloses a digit makes a symbol of it: 1️⃣.
func endsInWord[T string | []byte](text T) bool {
	runes := string(text[max(0, len(text)-maxLookBack):])
	for runes != "" {
		last, size := utf8.DecodeLastRuneInString(runes)
		if !unicode.Is(unicode.M, last) {
			return joins(last)
		}
		if unicode.Is(unicode.Me, last) {
			return false
		}
		runes = runes[:len(runes)-size]
	}
	return false
}

// isInWord tells whether the position of a parser is in a word.
func isInWord(block text.Reader) bool {
	before := block.PrecendingCharacter()
	if !unicode.Is(unicode.M, before) {
		return joins(before)
	}
	_, segment := block.PeekLine()
	return endsInWord(block.Source()[:segment.Start])
}

// isInvisibleMark tells whether r is a mark that shows nothing by itself, as what asks for an emoji in colour does.
func isInvisibleMark(r rune) bool { return unicode.Is(unicode.M, r) && !store.IsVisible(r) }

// scriptAfter returns the script of a letter, where the letters before it are of the script current. It returns nil
// for characters of all scripts: digits, punctuation, and marks.
func scriptAfter(r rune, current *unicode.RangeTable) *unicode.RangeTable {
	if script := scriptOf(r); script != nil || !unicode.IsLetter(r) || !unicode.Is(eastAsian, r) {
		return script
	}
	if slices.Contains(unspaced, current) {
		return current
	}
	return eastAsian
}

// scriptOf returns the script of a letter. It returns nil for characters that Unicode counts to no script.
func scriptOf(r rune) *unicode.RangeTable {
	if r <= unicode.MaxASCII && unicode.IsLetter(r) {
		return unicode.Latin
	}
	if !unicode.IsLetter(r) || unicode.In(r, unicode.Common, unicode.Inherited) {
		return nil
	}
	for _, script := range unicode.Scripts {
		if unicode.Is(script, r) {
			return script
		}
	}
	return nil
}
