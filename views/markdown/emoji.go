package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	emoji "github.com/yuin/goldmark-emoji"
	emojiast "github.com/yuin/goldmark-emoji/ast"
)

// emojiParser makes emoji of shortcodes that stand by themselves. A shortcode in a word or a number is text:
// root:x:0:0, fe80::100:1.
type emojiParser struct{ parser.InlineParser }

func newEmojiParser() parser.InlineParser { return emojiParser{emoji.NewParser()} }

// Parse implements parser.InlineParser.
func (p emojiParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	_, afterEmoji := parent.LastChild().(*emojiast.Emoji)
	if isInWord(block) || before == ':' && !afterEmoji {
		return nil
	}
	n := p.InlineParser.Parse(parent, block, pc)
	if n == nil {
		return nil
	}
	rest, _ := block.PeekLine()
	if after, _ := utf8.DecodeRune(rest); joins(after) {
		return nil
	}
	return n
}

// emojiText returns the emoji, or its shortcode if Unicode does not have it.
func emojiText(n *emojiast.Emoji) string {
	if n.Value.IsUnicode() {
		return string(n.Value.Unicode)
	}
	return ":" + string(n.ShortName) + ":"
}
