package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// strikethroughParser strikes text between two tildes on each side. Goldmark's parser would also take one,
// which people write for "about" and between numbers: 3~5.
type strikethroughParser struct{ parser.InlineParser }

func newStrikethroughParser() parser.InlineParser {
	return strikethroughParser{extension.NewStrikethroughParser()}
}

// Parse implements parser.InlineParser.
func (p strikethroughParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); !bytes.HasPrefix(line, []byte("~~")) {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}
