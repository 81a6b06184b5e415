package markdown

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
)

// blocks renders block elements.
//
// Each block at the top of the message, and each cell, has its own writing direction, so
// that an Arabic paragraph in an English message is right. Blocks in lists and quotations
// follow the direction of their list or quotation, so that they match its bullets and bars.
type blocks struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (blocks) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	register(reg, ast.KindParagraph, renderParagraph)
	register(reg, ast.KindHeading, renderHeading)
	register(reg, ast.KindBlockquote, renderBlockquote)
	register(reg, ast.KindList, renderList)
	register(reg, ast.KindListItem, renderListItem)
	register(reg, ast.KindCodeBlock, renderCode)
	register(reg, ast.KindFencedCodeBlock, renderCode)
	register(reg, extensionast.KindTable, renderTable)
	register(reg, extensionast.KindTableHeader, renderTableHeader)
	register(reg, extensionast.KindTableRow, renderTableRow)
	register(reg, extensionast.KindTableCell, renderTableCell)
}

// writeTag writes the start or end tag of a block; attributes start with a space.
func (o *output) writeTag(n ast.Node, entering bool, tag, attributes string) {
	if !entering {
		o.write("</", tag, ">\n")
		return
	}
	o.write("<", tag, attributes)
	if n.Parent().Kind() == ast.KindDocument {
		o.write(` dir="auto"`)
	}
	o.write(">")
}

func renderParagraph(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	out.writeTag(n, entering, "p", "")
	return ast.WalkContinue
}

// renderHeading shifts headings by two levels, since the page itself has the first two.
func renderHeading(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	level := min(n.(*ast.Heading).Level+2, 6)
	out.writeTag(n, entering, "h"+strconv.Itoa(level), "")
	return ast.WalkContinue
}

func renderBlockquote(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	out.writeTag(n, entering, "blockquote", "")
	return ast.WalkContinue
}

func renderList(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	list := n.(*ast.List)
	switch {
	case !list.IsOrdered():
		out.writeTag(n, entering, "ul", "")
	case list.Start != 1:
		out.writeTag(n, entering, "ol", ` start="`+strconv.Itoa(list.Start)+`"`)
	default:
		out.writeTag(n, entering, "ol", "")
	}
	return ast.WalkContinue
}

// renderListItem shows the numbers that the author wrote, unless all of the list are the same: Markdown counts
// such a list.
func renderListItem(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		out.write("</li>\n")
		return ast.WalkContinue
	}
	out.write("<li")
	if n.Parent().(*ast.List).IsOrdered() && n.PreviousSibling() != nil {
		number := numberOf(n, source)
		if number != numberOf(n.PreviousSibling(), source)+1 && !isSameNumber(n.Parent(), source) {
			out.write(` value="`, strconv.Itoa(number), `"`)
		}
	}
	out.write(">")
	return ast.WalkContinue
}

// numberOf returns the number of an item of a numbered list. It has at most nine digits.
func numberOf(item ast.Node, source []byte) int {
	number := 0
	for _, c := range source[item.Pos():] {
		if c < '0' || c > '9' {
			break
		}
		number = 10*number + int(c-'0')
	}
	return number
}

// isSameNumber tells whether all items of a numbered list have the same number.
func isSameNumber(list ast.Node, source []byte) bool {
	first := numberOf(list.FirstChild(), source)
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if numberOf(item, source) != first {
			return false
		}
	}
	return true
}

// renderTable puts the table into a box. A wide table scrolls in it, also by keyboard.
func renderTable(out *output, _ []byte, _ ast.Node, entering bool) ast.WalkStatus {
	if entering {
		out.write(`<div class="table" tabindex="0" role="group" aria-label="Table"><table>` + "\n")
	} else {
		out.write("</table></div>\n")
	}
	return ast.WalkContinue
}

func renderTableHeader(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	switch {
	case entering:
		out.write("<thead><tr>\n")
	case n.NextSibling() != nil:
		out.write("</tr></thead>\n<tbody>\n")
	default:
		out.write("</tr></thead>\n")
	}
	return ast.WalkContinue
}

func renderTableRow(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	switch {
	case entering:
		out.write("<tr>\n")
	case n.NextSibling() == nil:
		out.write("</tr>\n</tbody>\n")
	default:
		out.write("</tr>\n")
	}
	return ast.WalkContinue
}

// renderTableCell aligns by classes, because the site's policy forbids inline styles.
func renderTableCell(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	tag := "td"
	if n.Parent().Kind() == extensionast.KindTableHeader {
		tag = "th"
	}
	if !entering {
		out.write("</", tag, ">\n")
		return ast.WalkContinue
	}
	out.write("<", tag, ` dir="auto"`)
	if alignment := n.(*extensionast.TableCell).Alignment; alignment != extensionast.AlignNone {
		out.write(` class="align-`, alignment.String(), `"`)
	}
	out.write(">")
	return ast.WalkContinue
}
