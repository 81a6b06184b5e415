package markdown

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"github.com/yuin/goldmark/ast"
)

// mostLarge is how many emoji a message of nothing else may have to be shown large.
const mostLarge = 3

const paragraph = `<p dir="auto">`

// enlarged returns the HTML of a message with a class that shows it large, if it is one to three emoji and nothing
// else. Otherwise it returns the HTML as it is.
func enlarged(html, text string, document ast.Node) string {
	if document.ChildCount() != 1 || document.FirstChild().Kind() != ast.KindParagraph || !isEmojiAlone(text) {
		return html
	}
	if rest, ok := strings.CutPrefix(html, paragraph); ok {
		return `<p class="large-emoji" dir="auto">` + rest
	}
	return html
}

// isEmojiAlone tells whether a text is one to three emoji, with or without spaces between them.
func isEmojiAlone(text string) bool {
	count := 0
	for clusters := uniseg.NewGraphemes(text); clusters.Next(); {
		switch {
		case clusters.Str() == " ":
		case count == mostLarge || !isEmoji(clusters.Runes()):
			return false
		default:
			count++
		}
	}
	return count > 0
}

const (
	emojiStyle = '\uFE0F' // shows the character before it as an emoji
	textStyle  = '\uFE0E' // shows it as a sign of the text
	keycap     = '\u20E3'
)

// isEmoji tells whether browsers show a grapheme cluster as an emoji.
func isEmoji(cluster []rune) bool {
	first := cluster[0]
	if len(cluster) == 1 {
		return unicode.Is(pictures, first)
	}
	switch cluster[1] {
	case textStyle:
		return false
	case emojiStyle:
		return first > unicode.MaxLatin1 || first == '©' || first == '®' || len(cluster) == 3 && cluster[2] == keycap
	}
	return unicode.Is(pictures, first) || unicode.Is(flagLetters, first)
}

// pictures are the characters that browsers show as emoji by themselves: Emoji_Presentation of Unicode's
// emoji-data.txt, version 16, with blocks that are reserved for such characters taken whole.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x231a, 0x231b, 1},
		{0x23e9, 0x23ec, 1},
		{0x23f0, 0x23f3, 3},
		{0x25fd, 0x25fe, 1},
		{0x2614, 0x2615, 1},
		{0x2648, 0x2653, 1},
		{0x267f, 0x267f, 1},
		{0x2693, 0x2693, 1},
		{0x26a1, 0x26a1, 1},
		{0x26aa, 0x26ab, 1},
		{0x26bd, 0x26be, 1},
		{0x26c4, 0x26c5, 1},
		{0x26ce, 0x26ce, 1},
		{0x26d4, 0x26d4, 1},
		{0x26ea, 0x26ea, 1},
		{0x26f2, 0x26f3, 1},
		{0x26f5, 0x26f5, 1},
		{0x26fa, 0x26fa, 1},
		{0x26fd, 0x26fd, 1},
		{0x2705, 0x2705, 1},
		{0x270a, 0x270b, 1},
		{0x2728, 0x2728, 1},
		{0x274c, 0x274e, 2},
		{0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1},
		{0x2795, 0x2797, 1},
		{0x27b0, 0x27b0, 1},
		{0x27bf, 0x27bf, 1},
		{0x2b1b, 0x2b1c, 1},
		{0x2b50, 0x2b50, 1},
		{0x2b55, 0x2b55, 1},
	},
	R32: []unicode.Range32{
		{0x1f004, 0x1f004, 1},
		{0x1f0cf, 0x1f0cf, 1},
		{0x1f18e, 0x1f18e, 1},
		{0x1f191, 0x1f19a, 1},
		{0x1f201, 0x1f201, 1},
		{0x1f21a, 0x1f21a, 1},
		{0x1f22f, 0x1f22f, 1},
		{0x1f232, 0x1f236, 1},
		{0x1f238, 0x1f23a, 1},
		{0x1f250, 0x1f251, 1},
		{0x1f300, 0x1f320, 1},
		{0x1f32d, 0x1f335, 1},
		{0x1f337, 0x1f37c, 1},
		{0x1f37e, 0x1f393, 1},
		{0x1f3a0, 0x1f3ca, 1},
		{0x1f3cf, 0x1f3d3, 1},
		{0x1f3e0, 0x1f3f0, 1},
		{0x1f3f4, 0x1f3f4, 1},
		{0x1f3f8, 0x1f43e, 1},
		{0x1f440, 0x1f440, 1},
		{0x1f442, 0x1f4fc, 1},
		{0x1f4ff, 0x1f53d, 1},
		{0x1f54b, 0x1f54e, 1},
		{0x1f550, 0x1f567, 1},
		{0x1f57a, 0x1f57a, 1},
		{0x1f595, 0x1f596, 1},
		{0x1f5a4, 0x1f5a4, 1},
		{0x1f5fb, 0x1f64f, 1},
		{0x1f680, 0x1f6c5, 1},
		{0x1f6cc, 0x1f6cc, 1},
		{0x1f6d0, 0x1f6d2, 1},
		{0x1f6d5, 0x1f6d7, 1},
		{0x1f6dc, 0x1f6df, 1},
		{0x1f6eb, 0x1f6ec, 1},
		{0x1f6f4, 0x1f6fc, 1},
		{0x1f7e0, 0x1f7eb, 1},
		{0x1f7f0, 0x1f7f0, 1},
		{0x1f90c, 0x1f93a, 1},
		{0x1f93c, 0x1f945, 1},
		{0x1f947, 0x1f9ff, 1},
		{0x1fa70, 0x1faff, 1},
	},
}

// flagLetters make a flag in pairs.
var flagLetters = &unicode.RangeTable{R32: []unicode.Range32{{0x1f1e6, 0x1f1ff, 1}}}
