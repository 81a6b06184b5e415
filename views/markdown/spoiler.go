package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// spoilerText stands for a spoiler in the plain text of a message. Readers of an excerpt have not chosen to see what the
// spoiler hides.
const spoilerText = "[spoiler]"

// spoilerMark is what stands on each side of a spoiler.
const spoilerMark = "||"

// spoiler is a node: text that readers see when they choose to. It is inline.
type spoiler struct{ ast.BaseInline }

var kindSpoiler = ast.NewNodeKind("Spoiler")

// Kind implements ast.Node.
func (s *spoiler) Kind() ast.NodeKind { return kindSpoiler }

// Dump implements ast.Node.
func (s *spoiler) Dump(source []byte, level int) { ast.DumpHelper(s, source, level, nil, nil) }

// spoilerParser hides text between two bars on each side. Behind a space bars do not end a spoiler, and before one they
// do not begin one: a || b. Unlike with emphasis, punctuation makes no difference: a
// spoiler that is not recognized gives its text away.
type spoilerParser struct{}

// Trigger implements parser.InlineParser.
func (spoilerParser) Trigger() []byte { return []byte{'|'} }

// Parse implements parser.InlineParser.
func (spoilerParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	rest, ok := bytes.CutPrefix(line, []byte(spoilerMark))
	before := block.PrecendingCharacter()
	after, _ := utf8.DecodeRune(rest)
	if !ok || before == '|' || after == '|' {
		return nil
	}
	bars := parser.NewDelimiter(after != utf8.RuneError && !unicode.IsSpace(after), !unicode.IsSpace(before), len(spoilerMark), '|', spoilerDelimiter{})
	bars.Segment = segment.WithStop(segment.Start + len(spoilerMark))
	block.Advance(len(spoilerMark))
	pc.PushDelimiter(bars)
	return bars
}

// spoilerDelimiter implements parser.DelimiterProcessor.
type spoilerDelimiter struct{}

func (spoilerDelimiter) IsDelimiter(b byte) bool { return b == '|' }

func (spoilerDelimiter) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (spoilerDelimiter) OnMatch(int) ast.Node { return &spoiler{} }

// reveal replaces a spoiler in the tree by what was typed.
func reveal(n ast.Node) {
	parent := n.Parent()
	parent.InsertBefore(parent, n, written(spoilerMark))
	moveChildren(n, func(child ast.Node) { parent.InsertBefore(parent, n, child) })
	parent.ReplaceChild(parent, n, written(spoilerMark))
}

// renderSpoiler writes an element that can have the focus. The stylesheet hides what is in it, from assistive
// technology too, until it has the focus. A spoiler in another one is hidden already.
func renderSpoiler(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	switch {
	case isInside(n, kindSpoiler):
	case entering:
		out.write(`<span class="spoiler" tabindex="0" role="group" aria-label="Spoiler"><span class="spoiler-text">`)
	default:
		out.write("</span></span>")
	}
	return ast.WalkContinue
}
