package markdown

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tables makes tables of paragraphs. A paragraph stays one if the table would be too large, or if a row has
// more cells than the heading: goldmark would leave them out.
type tables struct{ parser.ParagraphTransformer }

func newTables() parser.ParagraphTransformer {
	return tables{extension.NewTableParagraphTransformer()}
}

// Transform implements parser.ParagraphTransformer.
func (t tables) Transform(n *ast.Paragraph, reader text.Reader, pc parser.Context) {
	source := reader.Source()
	lines := slices.Clone(n.Lines().Sliced(0, n.Lines().Len()))
	// Count the columns that the widest line could have, before goldmark makes the cells.
	columns := 0
	for _, line := range lines {
		columns = max(columns, 1+bytes.Count(line.Value(source), []byte("|")))
	}
	if columns*len(lines) > maxCells {
		return
	}
	parent, previous, next := n.Parent(), n.PreviousSibling(), n.NextSibling()
	t.ParagraphTransformer.Transform(n, reader, pc)
	table := parent.LastChild()
	if next != nil {
		table = next.PreviousSibling()
	}
	if table.Kind() != extensionast.KindTable || table == previous || !losesCells(table, source) {
		return
	}
	parent.RemoveChild(parent, table)
	if n.Parent() == nil {
		insertAfter(parent, previous, n)
	}
	n.SetLines(segments(lines))
}

// losesCells tells whether a row of the source has text behind the last cell of the table.
func losesCells(table ast.Node, source []byte) bool {
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		if row.LastChild() == nil || row.LastChild().Lines().Len() == 0 {
			continue
		}
		rest, _, _ := bytes.Cut(source[row.LastChild().Lines().At(0).Stop:], []byte("\n"))
		if len(bytes.Trim(rest, " \t|")) > 0 {
			return true
		}
	}
	return false
}

// segments returns lines as a block has them.
func segments(lines []text.Segment) *text.Segments {
	s := text.NewSegments()
	s.AppendAll(lines)
	return s
}
