package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	emojiast "github.com/yuin/goldmark-emoji/ast"

	"plaza/store"
)

// plainText returns the text of a tree on one line, without markup, and without what spoilers hide. Spaces
// separate blocks, lines and cells.
func plainText(document ast.Node, source []byte) string {
	var b strings.Builder
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeBlock || n.Kind() == extensionast.KindTableCell {
			b.WriteByte(' ')
		}
		if entering {
			switch n := n.(type) {
			case *ast.CodeBlock, *ast.FencedCodeBlock:
				b.WriteString(infoOf(n, source).text() + " ")
				b.Write(linesOf(n, source))
			case *spoiler:
				b.WriteString(spoilerText)
				return ast.WalkSkipChildren, nil
			case *ast.Link, *ast.Image:
				if textOf(n, source) == "" {
					b.WriteString(labelOf(n, source))
				}
			default:
				writeText(&b, n, source)
			}
		} else if l, ok := linkOf(n); ok {
			b.WriteString(l.shownTitle())
		}
		return ast.WalkContinue, nil
	})
	return oneLine(b.String())
}

// oneLine returns text with single spaces between its words.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// textOf returns the text of an inline node and its children, without markup. It returns "" if readers see none of it.
func textOf(n ast.Node, source []byte) string {
	var b strings.Builder
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			writeText(&b, n, source)
		}
		return ast.WalkContinue, nil
	})
	if !strings.ContainsFunc(b.String(), store.IsVisible) {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// labelOf returns what readers see of a link: its text, or its address if it has none.
func labelOf(n ast.Node, source []byte) string {
	if label := textOf(n, source); label != "" {
		return label
	}
	l, _ := linkOf(n)
	return string(l.destination)
}

// writeText writes the text of an inline node, without its children.
func writeText(b *strings.Builder, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Text:
		value := n.Segment.Value(source)
		if !n.IsRaw() {
			value = resolved(value)
		}
		b.Write(value)
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.Write(n.Value)
	case *ast.AutoLink:
		label, _, _ := autoLink(n, source)
		b.WriteString(label)
	case *emojiast.Emoji:
		b.WriteString(emojiText(n))
	case *mention:
		b.WriteString(n.shown())
	case *formula:
		b.WriteString(n.written())
	}
}

// resolved returns text without its backslashes and with its character references resolved.
func resolved(text []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(text)))
}
