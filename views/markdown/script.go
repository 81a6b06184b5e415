package markdown

import "unicode"

// unspaced are the scripts whose words have no spaces between them, or whose words take endings
// of names and numbers in other scripts (Korean). ー belongs to two of them, so Unicode has it in none.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
	{R16: []unicode.Range16{{Lo: 'ー', Hi: 'ー', Stride: 1}}},
}

// joins tells whether r is part of the word that it stands beside, as in ada@example.org. A character of
// an unspaced script is not: 你好@ada mentions ada.
func joins(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Nd, unicode.M) && !unicode.In(r, unspaced...)
}

// scriptOf returns the script of a letter. It returns nil for characters of all scripts: digits,
// punctuation, and marks.
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
