package markdown

import (
	"bytes"
	"html"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxFormula is how many bytes a formula may have. A script makes MathML of it, which takes its readers time.
const maxFormula = 1000

// formula is a node: mathematics in TeX. It is inline, also if it stands on lines of its own. Readers see its source until
// a script shows what it means.
type formula struct {
	ast.BaseInline
	mark   string // what stands on each side: "$", or "$$" for a formula that stands out
	source string
}

var kindFormula = ast.NewNodeKind("Formula")

// Kind implements ast.Node.
func (f *formula) Kind() ast.NodeKind { return kindFormula }

// Dump implements ast.Node.
func (f *formula) Dump(source []byte, level int) { ast.DumpHelper(f, source, level, nil, nil) }

// written returns the formula as it was typed.
func (f *formula) written() string { return f.mark + f.source + f.mark }

// formulaParser reads a formula between dollars. Most dollars belong to prices and names of variables: $5 or $6, US$7,
// $HOME/$PATH. So a formula has no space inside its dollars and no letter or digit outside them, and it ends on the line
// on which it begins. A formula between two dollars on each side may take several lines.
type formulaParser struct{}

// Trigger implements parser.InlineParser.
func (formulaParser) Trigger() []byte { return []byte{'$'} }

// Parse implements parser.InlineParser.
func (formulaParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if isWord(block.PrecendingCharacter()) || block.PrecendingCharacter() == '$' {
		return nil
	}
	if bytes.HasPrefix(line, []byte("$$$")) {
		return nil
	}
	if bytes.HasPrefix(line, []byte("$$")) {
		return parseDisplayed(block)
	}
	end := endOfFormula(line[1:])
	if end <= 0 {
		return nil
	}
	block.Advance(1 + end + 1)
	return &formula{mark: "$", source: string(line[1 : 1+end])}
}

// endOfFormula returns the index of the dollar that ends a formula, or -1. A backslash takes the meaning of the character
// behind it.
func endOfFormula(rest []byte) int {
	first, _ := utf8.DecodeRune(rest)
	if unicode.IsSpace(first) {
		return -1
	}
	for i := 0; i < min(len(rest), maxFormula+1); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '$':
			before, _ := utf8.DecodeLastRune(rest[:i])
			after, _ := utf8.DecodeRune(rest[i+1:])
			if i == 0 || unicode.IsSpace(before) || isWord(after) || after == '$' {
				return -1
			}
			return i
		}
	}
	return -1
}

// parseDisplayed reads a formula between two dollars on each side.
func parseDisplayed(block text.Reader) ast.Node {
	const mark = "$$"
	at, segment := block.Position()
	block.Advance(len(mark))
	var source []byte
	for len(source) <= maxFormula {
		line, _ := block.PeekLine()
		if line == nil {
			break
		}
		if end := bytes.Index(line, []byte(mark)); end >= 0 {
			source = append(source, line[:end]...)
			if len(bytes.TrimSpace(source)) == 0 || len(source) > maxFormula {
				break
			}
			block.Advance(end + len(mark))
			return &formula{mark: mark, source: string(source)}
		}
		source = append(source, line...)
		block.AdvanceLine()
	}
	block.SetPosition(at, segment)
	return nil
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// renderFormula writes the source, for a script to find.
func renderFormula(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	f := n.(*formula)
	if !entering {
		return ast.WalkContinue
	}
	class := "math"
	if f.mark == "$$" {
		class = "math math-displayed"
	}
	out.write(`<span class="`+class+`">`, html.EscapeString(f.written()), "</span>")
	return ast.WalkContinue
}
